import { authorizeUrl, post, redeem, refresh } from '../../test/alexa.js';
import { form, json, type Fault, type RelayUpstream } from '../../test/relay-upstream.js';
import { OWN, PASSED, startRelayWorld, THEIR_SECRET, type RelayWorld } from '../../test/relay-world.js';
import type { TestBroker } from '../../test/test-broker.js';

let world: RelayWorld;
let broker: TestBroker;
let door: TestBroker;
let upstream: RelayUpstream;

beforeAll(async () => {
  world = await startRelayWorld();
  ({ broker, door, upstream } = world);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.reset());

const instead =
  (status: number, body: string, contentType = 'application/json'): Fault =>
  () => ({ status, contentType, body });

describe('an existing server in trouble', () => {
  test('that does not answer in time is 503 in time, and the next try works', async () => {
    const token = upstream.newFamily();
    upstream.faults.push(() => 'no answer');
    const began = performance.now();
    const [first, waited] = await Promise.all([refresh(broker, OWN, token), refresh(door, OWN, token)]);
    expect(performance.now() - began).toBeLessThan(4_000);
    for (const answer of [first, waited]) {
      expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable']);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect(upstream.presented(token)).toBe(1);
    expect((await refresh(broker, OWN, token)).status).toBe(200);
    expect(upstream.presented(token)).toBe(2);
  });

  const tokens = '{"access_token":"a","refresh_token":"r"}';
  test.each<[string, Fault]>([
    ['500', instead(500, '{"error":"invalid_grant"}')],
    ['a login page', instead(200, '<html>Sign in</html>', 'text/html')],
    ['a redirect', () => ({ ...json({}, 302), headers: { location: 'https://id.example.com/login' } })],
    ['429', () => ({ ...json({ error: 'invalid_grant' }, 429), headers: { 'retry-after': '60' } })],
    ['its refusal of the client', instead(401, '{"error":"invalid_client"}')],
    ['half an answer', instead(200, '{"access_token":"a","refre')],
    ['an answer without tokens', instead(200, '{}')],
    ['tokens with 500', instead(500, tokens)],
    ['an answer that never ends', instead(200, JSON.stringify({ access_token: 'a'.repeat(600_000) }))],
  ])('%s is 503 to Alexa, and nothing is lost', async (_, fault) => {
    const token = upstream.newFamily();
    upstream.faults.push(fault);
    const answer = await refresh(broker, OWN, token);
    expect([answer.status, answer.body]).toEqual([
      503,
      { error: 'temporarily_unavailable', error_description: expect.any(String) as string },
    ]);
    expect((await refresh(broker, OWN, token)).status).toBe(200);
  });
});

describe('the database', () => {
  const UPDATE = 'UPDATE (attempt_id, attempts, lease_until, keep_until, answer_by_token) ON linkbroker.relayed_tokens';
  const forbid = () => broker.database.sql(`REVOKE ${UPDATE} FROM linkbroker_broker`);
  const allow = () => broker.database.sql(`GRANT ${UPDATE} TO linkbroker_broker`);
  afterEach(allow);

  test('that cannot be written keeps a token from being spent', async () => {
    await forbid();
    const token = upstream.newFamily();
    expect((await refresh(broker, OWN, token)).status).toBe(503);
    expect(upstream.presented(token)).toBe(0);
  });

  test('that cannot be written any more does not keep the answer from the household, and is an incident', async () => {
    const token = upstream.newFamily();
    upstream.faults.push(async (serve) => {
      await forbid();
      return serve();
    });
    const began = performance.now();
    const answer = await refresh(broker, OWN, token);
    expect([answer.status, answer.body['refresh_token']]).toEqual([200, expect.stringMatching(/^rt-/)]);
    expect(performance.now() - began).toBeLessThan(4_400);
    expect(world.log()).toContain('incident.token_not_stored');
  });

  test('holds nothing that can be read without the token', async () => {
    const token = upstream.newFamily();
    const { body } = await refresh(broker, OWN, token);
    const rows = await broker.database.sql<{ row: string }>('SELECT r::text AS row FROM linkbroker.relayed_tokens r');
    const [skill] = await broker.database.sql<{ relay: object; relay_secret: Buffer }>(
      `SELECT relay, relay_secret FROM linkbroker.skills WHERE slug = 'own'`,
    );
    const stored = JSON.stringify([rows, skill, skill?.relay_secret.toString('latin1')]);
    const octets = (value: unknown) => Buffer.from(String(value)).toString('hex');
    for (const secret of [token, body['access_token'], body['refresh_token'], THEIR_SECRET]) {
      expect(stored).not.toContain(String(secret));
      expect(stored).not.toContain(octets(secret));
    }
  });
});

test('no code, token, secret or state is in any log line', async () => {
  const code = upstream.newCode();
  const { body } = await redeem(broker, OWN, code);
  await redeem(door, OWN, code);
  upstream.faults.push(() => form({ error: 'bad_verification_code' }));
  await redeem(door, OWN, upstream.newCode());
  upstream.faults.push((serve) => form(JSON.parse(serve().body) as Record<string, unknown>));
  await redeem(door, OWN, upstream.newCode());
  upstream.faults.push(
    instead(401, `{"error":"${String(body['refresh_token'])}","error_description":"${THEIR_SECRET}"}`),
  );
  await refresh(broker, OWN, String(body['refresh_token']));
  await fetch(authorizeUrl(broker, { client_id: OWN.clientId, state: 'amazon-customer-17' }), { redirect: 'manual' });
  await post(broker, '/oauth/token', 'grant_type=refresh_token&refresh_token=%zz');
  const lines = world.log();
  for (const name of ['redirected', 'answered', 'repaired', 'refused', 'failed', 'replayed'])
    expect(lines).toContain(`relay.${name}`);
  expect(lines).not.toMatch(/\b(at|rt|code)-[A-Za-z0-9_-]{20,}|amazon-customer-17|Amas/);
  for (const secret of [THEIR_SECRET, OWN.clientSecret, PASSED.clientSecret]) expect(lines).not.toContain(secret);
});
