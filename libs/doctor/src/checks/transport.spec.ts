import { testProbes } from '../../test/probes.js';
import { targetOf } from '../../test/target.js';
import {
  NoAnswer,
  runChecks,
  type HttpAnswer,
  type Probes,
  type SignedIn,
  type Target,
  type TlsView,
} from '../index.js';

const RIGHT: TlsView = { distrust: null, issuer: 'A Public Authority', tls12: true, newest: 'TLSv1.3' };
const ONLY = ['R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R48'];

const answer = (status: number, location?: string): HttpAnswer => ({
  status,
  headers: { location },
  setCookies: [],
  body: '',
  ms: 1,
});

async function look(probes: Partial<Probes>, change: Partial<Target> = {}) {
  const usual = {
    inspectTls: () => Promise.resolve(RIGHT),
    signIn: (): Promise<SignedIn> => Promise.resolve({ kind: 'recipe', says: 'nobody signs in here' }),
    send: () => Promise.resolve(answer(301, 'https://id.example.com/authorize')),
  };
  const target = targetOf('https://id.example.com', change);
  const { report } = await runChecks(target, testProbes({ ...usual, ...probes }), { only: ONLY });
  // What only a browser sees, or a sign-in, is not looked at here.
  return report.findings.filter(({ title }) => !title.startsWith('Nothing on the https pages'));
}

const troubles = (findings: Awaited<ReturnType<typeof look>>) =>
  findings.filter(({ status }) => status !== 'pass').map(({ rule, status }) => [rule, status]);

test('https on port 443 with a known authority passes', async () => {
  expect(troubles(await look({}))).toEqual([]);
});

test.each<[string, Partial<TlsView>, readonly (readonly [string, string])[]]>([
  ['no TLS 1.2', { tls12: false }, [['R11', 'fail']]],
  ["Let's Encrypt", { issuer: "Let's Encrypt" }, [['R9', 'warn']]],
  [
    'an incomplete chain',
    { distrust: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    [
      ['R8', 'warn'],
      ['R10', 'fail'],
    ],
  ],
])('%s is found', async (_, change, expected) => {
  expect(troubles(await look({ inspectTls: () => Promise.resolve({ ...RIGHT, ...change }) }))).toEqual(expected);
});

test('both hosts are looked at, and the one with the trouble is named', async () => {
  const inspectTls = (address: string) => Promise.resolve({ ...RIGHT, tls12: !address.includes('api.example.com') });
  const findings = await look({ inspectTls }, { tokenUrl: 'https://api.example.com/token' });
  expect(findings.find(({ rule }) => rule === 'R11')).toMatchObject({
    status: 'fail',
    evidence: 'api.example.com: no connection with TLS 1.2, only TLSv1.3',
  });
});

test.each<[Partial<Target>, readonly (readonly [string, string])[]]>([
  [{ authorizeUrl: 'https://id.example.com:8443/authorize' }, [['R6', 'warn']]],
  [{ tokenUrl: 'https://id.example.com:8443/token' }, [['R7', 'warn']]],
])('%j is not on port 443', async (change, expected) => {
  const found = troubles(await look({}, change));
  expect(found.filter(([rule]) => rule !== 'R48')).toEqual(expected);
});

test('plain http in the configuration is found at both addresses, and nothing can be said of certificates', async () => {
  const target = { authorizeUrl: 'http://id.example.com/authorize', tokenUrl: 'http://id.example.com/token' };
  const found = troubles(await look({}, target));
  expect(found.filter(([, status]) => status === 'fail')).toEqual([
    ['R6', 'fail'],
    ['R7', 'fail'],
  ]);
});

test.each<[string, HttpAnswer, string, string]>([
  ['a page', answer(200), 'warn', 'plain http on port 80 shows a page'],
  ['another plain address', answer(302, '/login'), 'warn', 'plain http leads to plain http'],
  ['a redirect to https', answer(308, 'https://id.example.com/'), 'pass', 'plain http leads to https'],
  ['a refusal', answer(403), 'pass', 'plain http is refused with HTTP 403'],
])('plain http that shows %s', async (_, sent, status, evidence) => {
  const asked: string[] = [];
  const send: Probes['send'] = ({ url }) => {
    asked.push(url);
    return Promise.resolve(sent);
  };
  const findings = await look({ send }, { authorizeUrl: 'https://id.example.com:8443/authorize' });
  expect(findings.at(-1)).toMatchObject({ rule: 'R48', status, evidence });
  expect(asked).toEqual(['http://id.example.com/authorize']);
});

test('a port 80 that may not be looked at says nothing', async () => {
  const send = () => Promise.reject(new NoAnswer('forbidden', 1, 'this run may not go there'));
  expect((await look({ send })).at(-1)).toMatchObject({
    status: 'not-tested',
    evidence: 'no answer: this run may not go there',
  });
});

test('nobody at port 80 is fine', async () => {
  const send = (): Promise<HttpAnswer> => Promise.reject(new NoAnswer('refused', 1, 'no connection'));
  expect((await look({ send })).at(-1)).toMatchObject({ status: 'pass', evidence: 'nobody answers over plain http' });
});
