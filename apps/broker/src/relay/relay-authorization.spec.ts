import { authorizeUrl, exchange, introspect, linked, redeem, refresh, revoke } from '../../test/alexa.js';
import type { RelayUpstream } from '../../test/relay-upstream.js';
import { BACKEND, OWN, PASSED, startRelayWorld, THEIR_SECRET, type RelayWorld } from '../../test/relay-world.js';
import { ALEXA, REDIRECT, type TestBroker } from '../../test/test-broker.js';

let world: RelayWorld;
let broker: TestBroker;
let upstream: RelayUpstream;

beforeAll(async () => {
  world = await startRelayWorld();
  ({ broker, upstream } = world);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.reset());

describe('the authorization endpoint', () => {
  const open = (change: Record<string, string | undefined> = {}) =>
    fetch(authorizeUrl(broker, { client_id: OWN.clientId, ...change }), { redirect: 'manual' });

  test('sends the household on to the existing server, with nothing of ours', async () => {
    const state = 'Amas+/ä==& ?#%'.repeat(80);
    const challenge = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
    const response = await open({ state, ...challenge });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([302, null]);
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe('https://id.example.com/authorize');
    expect(Object.fromEntries(location.searchParams)).toEqual({
      access_type: 'offline',
      response_type: 'code',
      client_id: 'their-client',
      redirect_uri: REDIRECT,
      scope: 'lights',
      state,
      ...challenge,
    });
  });

  test('keeps a raw plus in the state, and leaves out what was not sent', async () => {
    const url = `${broker.url}/oauth/authorize?client_id=${PASSED.clientId}&response_type=code&redirect_uri=${encodeURIComponent(REDIRECT)}&state=a+b/=`;
    const location = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
    expect(location).toMatch(/&state=a%2Bb%2F%3D$/);
    expect(location).toContain(`client_id=${PASSED.clientId}`);
    expect(location).not.toMatch(/scope=|code_challenge/);
  });

  test.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['an unknown redirect URI', { redirect_uri: 'https://evil.example/' }],
  ])('shows a page to %s, without a way on', async (_, change) => {
    const response = await open(change);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  });

  test.each([
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ scope: 'everything' }, 'invalid_scope'],
  ])('sends %j back to Alexa as an error', async (change, error) => {
    const location = new URL((await open(change)).headers.get('location') ?? '');
    expect(location.href.startsWith(REDIRECT)).toBe(true);
    expect(location.searchParams.get('error')).toBe(error);
  });
});

describe('the other endpoints', () => {
  test('know no tokens of a relay', async () => {
    const { body } = await redeem(broker, OWN, upstream.newCode());
    const [access, refreshToken] = [String(body['access_token']), String(body['refresh_token'])];
    for (const token of [access, refreshToken]) {
      expect((await introspect(broker, OWN, token)).body).toEqual({ active: false });
      expect((await revoke(broker, OWN, token)).status).toBe(200);
    }
    expect(await exchange(broker, BACKEND, access)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const userinfo = await fetch(`${broker.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${access}` } });
    expect(userinfo.status).toBe(401);
    expect((await refresh(broker, OWN, refreshToken)).status).toBe(200);
  });
});

describe('a skill that is given a relay', () => {
  const given = (yaml: string): string =>
    world
      .withRelays(yaml)
      .replace(
        'connectors: [home, gone]',
        `relay: { authorizationUrl: "https://id.example.com/authorize", tokenUrl: "${upstream.url}/token", clientId: their-client, clientSecret: "${THEIR_SECRET}" }`,
      );

  test('keeps the households that it has, and never loses those of the relay by mistake', async () => {
    const before = await linked(broker, ALEXA);
    await broker.apply(given);
    await broker.broker.needs.clients.find(ALEXA.clientId, 0, performance.now() + 5_000);
    const kept = await refresh(broker, ALEXA, before.refresh);
    expect([kept.status, kept.body['token_type']]).toEqual([200, 'Bearer']);
    expect((await introspect(broker, ALEXA, before.access)).body).toMatchObject({ active: true });
    await expect(broker.apply(world.withRelays)).rejects.toThrow(/taking relay off skill lights would unlink/);
  });
});
