import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startWorld, type World } from '../../test/world.js';
import { skillEventFaults } from './skill-events.js';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let received: Received[] = [];
let broker: Server;
let world: World;

beforeAll(async () => {
  broker = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  const brokerUrl = `http://127.0.0.1:${(broker.address() as AddressInfo).port}`;
  world = await startWorld({}, { brokerUrl, skillEvents: true });
});
afterAll(async () => {
  await world.close();
  await new Promise((resolve) => broker.close(resolve));
});
beforeEach(() => {
  received = [];
});

interface Body {
  readonly context: { readonly System: { readonly application: object; readonly user: { readonly userId: string } } };
  readonly request: Readonly<Record<string, unknown>>;
}
const bodies = (): readonly Body[] => received.map(({ body }) => JSON.parse(body) as Body);
const certificatesAt = async (url: string): Promise<readonly X509Certificate[]> => {
  const pem = await (await fetch(url)).text();
  return (pem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? []).map((one) => new X509Certificate(one));
};
const isSigned = ({ headers, body }: Received, certificate: X509Certificate): boolean =>
  verify('sha256', Buffer.from(body), certificate.publicKey, Buffer.from(String(headers['signature-256']), 'base64'));

it('tells that a household has linked a skill, and by the same user that it has disabled it', async () => {
  const account = {};
  await world.simulator.skillEvents.linked(account, world.skill, 'a-token');
  await world.simulator.skillEvents.disabled(account, world.skill);
  expect(received.map(({ path }) => path)).toEqual(Array(3).fill('/alexa/alexa-demo/skill-events'));
  expect(bodies().map(({ request }) => [request['type'], request['body']])).toEqual([
    ['AlexaSkillEvent.SkillEnabled', undefined],
    ['AlexaSkillEvent.SkillAccountLinked', { accessToken: 'a-token' }],
    ['AlexaSkillEvent.SkillDisabled', undefined],
  ]);
  const users = bodies().map(({ context }) => context.System.user.userId);
  expect([new Set(users).size, users[0]?.startsWith('amzn1.ask.account.')]).toEqual([1, true]);
  expect(await world.simulator.skillEvents.disabled(account, world.skill)).toEqual([]);
});

it('signs with a certificate that anybody can fetch, of an authority of its own', async () => {
  await world.simulator.skillEvents.send(world.skill, { name: 'SkillEnabled', userId: 'u' });
  const url = String(received[0]!.headers['signaturecertchainurl']);
  expect(url).toMatch(new RegExp(`^${world.simulatorUrl}/echo\\.api/echo-api-cert-\\w+\\.pem$`));
  const [leaf, root] = await certificatesAt(url);
  const [authority] = await certificatesAt(`${world.simulatorUrl}/_amazon/skill-event-ca`);
  expect(root!.raw.equals(authority!.raw)).toBe(true);
  expect([leaf!.checkHost('echo-api.amazon.com'), root!.ca, leaf!.ca]).toEqual(['echo-api.amazon.com', true, false]);
  expect([leaf!.checkIssued(root!), leaf!.verify(root!.publicKey), root!.verify(root!.publicKey)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(createPublicKey(leaf!.publicKey.export({ type: 'spki', format: 'pem' })).asymmetricKeyType).toBe('rsa');
  expect(isSigned(received[0]!, leaf!)).toBe(true);
});

it.each(skillEventFaults)('can be wrong by %s', async (fault) => {
  const response = await fetch(`${world.simulatorUrl}/_amazon/skill-event-faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault }),
  });
  expect(response.status).toBe(201);
  await world.simulator.skillEvents.send(world.skill, { name: 'SkillEnabled', userId: 'u' });
  await world.simulator.skillEvents.send(world.skill, { name: 'SkillEnabled', userId: 'u' });
  const [faulty, good] = received;
  const url = String(faulty!.headers['signaturecertchainurl']);
  const now = world.clock.now;
  const [leaf] = /wrong-host|dotted-path/.test(fault) ? [] : await certificatesAt(url);
  const ageMs = now - Date.parse(String(bodies()[0]!.request['timestamp']));
  expect({
    'forged-signature': leaf !== undefined && !isSigned(faulty!, leaf),
    'wrong-host': new URL(url).hostname !== 'localhost',
    'dotted-path': url.includes('/../'),
    'expired-certificate': leaf !== undefined && leaf.validToDate.getTime() < now,
    'old-timestamp': ageMs > 3_600_000,
    'wrong-skill': !JSON.stringify(bodies()[0]!.context).includes(world.skill.skillId!),
  }).toEqual(Object.fromEntries(skillEventFaults.map((known) => [known, known === fault])));
  const [signer] = await certificatesAt(String(good!.headers['signaturecertchainurl']));
  expect(isSigned(good!, signer!)).toBe(true);
});

it('sends an event that is asked for over HTTP, and says how it was answered', async () => {
  const post = (body: object) =>
    fetch(`${world.simulatorUrl}/_amazon/skill-events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const asked = { clientId: world.skill.clientId, name: 'SkillDisabled', userId: 'u', requestId: 'r-1' };
  const response = await post({ ...asked, happenedAt: '2026-01-31T12:00:00Z' });
  expect([response.status, await response.json()]).toMatchObject([200, { status: 200 }]);
  expect(bodies()[0]!.request).toMatchObject({ requestId: 'r-1', eventCreationTime: '2026-01-31T12:00:00.000Z' });
  expect((await post({ ...asked, name: 'no name' })).status).toBe(400);
  expect((await post({ ...asked, clientId: 'nobody' })).status).toBe(404);
});

it('tells nothing where it was not asked to, or the skill has no id at Amazon', async () => {
  const { skillEvents } = world.simulator;
  expect(await skillEvents.linked({}, { ...world.skill, skillId: null }, 't')).toEqual([]);
  const silent = await startWorld();
  expect(await silent.simulator.skillEvents.linked({}, silent.skill, 't')).toEqual([]);
  await silent.close();
  expect(received).toEqual([]);
});
