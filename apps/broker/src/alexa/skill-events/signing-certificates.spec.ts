import { EgressFailed, type OutboundRequest } from '@linkbroker/egress';
import { FixedClock } from '@linkbroker/testing';
import { X509Certificate } from 'node:crypto';
import { issue, type Issued } from '../../../test/certificates.js';
import { UntrustedCertificate } from './signing-certificate.js';
import { SigningCertificates } from './signing-certificates.js';

const HOUR_MS = 60 * 60_000;
const URL_OF = 'https://s3.amazonaws.com/echo.api/echo-api-cert.pem';
const START = new Date();
let root: Issued;
let leaf: Issued;
let expiring: Issued;
beforeAll(async () => {
  root = await issue({ subject: 'Root', authority: 1 });
  leaf = await issue({ names: ['echo-api.amazon.com'] }, root);
  expiring = await issue(
    { names: ['echo-api.amazon.com'], until: new Date(Math.floor(START.getTime() / 1_000) * 1_000 + HOUR_MS / 2) },
    root,
  );
});

type Answer = { status: number; body: string } | Error;

function certificates(answers: (url: string) => Answer | Promise<Answer>) {
  const clock = new FixedClock(START.toISOString());
  const asked: OutboundRequest[] = [];
  const found = new SigningCertificates({
    egress: {
      send: async (request) => {
        asked.push(request);
        const answer = await answers(request.url);
        if (answer instanceof Error) throw answer;
        return { ...answer, contentType: 'x' };
      },
    },
    roots: () => Promise.resolve([new X509Certificate(root.pem)]),
    now: clock.now,
  });
  // Each address is named at another skill's, unless it is said at whose.
  const find = (url = URL_OF, skillId = url) => found.find(url, skillId, performance.now() + 5_000);
  return { clock, asked, find };
}
const good = (): Answer => ({ status: 200, body: leaf.pem });

test('a certificate is fetched once for all who ask at the same time, and used for an hour', async () => {
  const { clock, asked, find } = certificates(good);
  const all = await Promise.all(Array.from({ length: 10 }, () => find()));
  expect([asked.length, new Set(all).size]).toEqual([1, 1]);
  const before = performance.now();
  expect(asked[0]!.deadline - before).toBeLessThanOrEqual(2_000);
  clock.advance({ minutes: 59 });
  await find();
  expect(asked).toHaveLength(1);
  clock.advance({ minutes: 2 });
  await find();
  expect(asked).toHaveLength(2);
});

test('none is used after its end, also where no other can be had', async () => {
  let answer: Answer = { status: 200, body: expiring.pem };
  const { clock, asked, find } = certificates(() => answer);
  await find();
  answer = new EgressFailed('away');
  clock.advance({ minutes: 31 });
  await expect(find()).rejects.toThrow('away');
  expect(asked).toHaveLength(2);
});

test.each<[string, Answer, RegExp]>([
  ['is not there', { status: 404, body: 'AccessDenied' }, /answered 404/],
  ['is elsewhere', { status: 302, body: '' }, /answered 302/],
  ['is too large', { status: 200, body: 'x'.repeat(65_537) }, /too large/],
  ['cannot be had', new EgressFailed('no connection'), /no connection/],
  ['is no certificate', { status: 200, body: '<html>' }, /no chain/],
])('one that %s is asked for again after ten seconds, and not before', async (_, answer, message) => {
  let now = answer;
  const { clock, asked, find } = certificates(() => now);
  await expect(find()).rejects.toThrow(message);
  now = good();
  clock.advance({ seconds: 9 });
  await expect(find()).rejects.toThrow(message);
  expect(asked).toHaveLength(1);
  clock.advance({ seconds: 2 });
  await find();
  expect(asked).toHaveLength(2);
});

test('a chain that proves nothing is told apart from one that cannot be had', async () => {
  await expect(certificates(() => ({ status: 200, body: root.pem })).find()).rejects.toBeInstanceOf(
    UntrustedCertificate,
  );
  await expect(certificates(() => ({ status: 500, body: '' })).find()).rejects.toBeInstanceOf(EgressFailed);
});

test('twenty are kept, the ones used first go first', async () => {
  const { clock, asked, find } = certificates(good);
  const at = (index: number) => `${URL_OF}${String(index)}`;
  for (let index = 0; index <= 20; index += 1) {
    await find(at(index));
    clock.advance({ seconds: 1 });
  }
  expect(asked).toHaveLength(21);
  await find(at(20));
  await find(at(1));
  expect(asked).toHaveLength(21);
  await find(at(0));
  expect(asked).toHaveLength(22);
});

test('addresses that nobody knows are looked up ten times in ten seconds; one that is known goes on', async () => {
  const { clock, asked, find } = certificates((url) => (url === URL_OF ? good() : { status: 403, body: '' }));
  await find();
  clock.advance({ minutes: 61 });
  for (let index = 0; index < 20; index += 1) {
    await expect(find(`${URL_OF}?${String(index)}`)).rejects.toThrow(EgressFailed);
  }
  expect(asked).toHaveLength(11);
  await find();
  expect(asked).toHaveLength(12);
});

test('at one skill’s address nobody uses up what is looked up for the others', async () => {
  const { asked, find } = certificates((url) => (url === URL_OF ? good() : { status: 403, body: '' }));
  for (let index = 0; index < 20; index += 1)
    await expect(find(`${URL_OF}?${String(index)}`, 'lights')).rejects.toThrow(EgressFailed);
  expect(asked).toHaveLength(6);
  await find(URL_OF, 'blinds');
  expect(asked).toHaveLength(7);
});
