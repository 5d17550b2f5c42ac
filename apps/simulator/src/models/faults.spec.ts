import { decodeJwt } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { basicHeader, ModelParty, type ModelPaths } from '../../test/model-party.js';
import type { Fault } from '../faults/faults.js';
import { faultTargets } from '../faults/targets.js';
import type { ModelClient } from './clients.js';
import type { ModelName } from './model.js';

type Endpoint = readonly [method: string, path: string];

interface Case {
  readonly name: ModelName;
  readonly paths: ModelPaths;
  readonly flags?: Partial<ModelClient>;
  /** Besides the token endpoint. */
  readonly endpoints: Readonly<Record<string, Endpoint>>;
}

const discovery: Endpoint = ['GET', '/.well-known/openid-configuration'];
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

const cases: readonly Case[] = [
  {
    name: 'google',
    paths: { authorize: '/o/oauth2/v2/auth', token: '/token', params: { scope: 'openid', access_type: 'offline' } },
    endpoints: {
      discovery,
      jwks: ['GET', '/oauth2/v3/certs'],
      userinfo: ['GET', '/v1/userinfo'],
      revoke: ['POST', '/revoke'],
    },
  },
  {
    name: 'github',
    paths: { authorize: '/login/oauth/authorize', token: '/login/oauth/access_token' },
    endpoints: { userinfo: ['GET', '/user'], revoke: ['DELETE', '/applications/app/grant'] },
  },
  {
    name: 'apple',
    paths: { authorize: '/auth/authorize', token: '/auth/token' },
    flags: { apple: { teamId: 'T', keyId: 'K', publicKey: pem } },
    endpoints: { discovery, jwks: ['GET', '/auth/keys'], revoke: ['POST', '/auth/revoke'] },
  },
  {
    name: 'facebook',
    paths: { authorize: '/dialog/oauth', token: '/oauth/access_token' },
    endpoints: { userinfo: ['GET', '/me'], revoke: ['DELETE', '/me/permissions'] },
  },
  {
    name: 'slack',
    paths: {
      authorize: '/oauth/v2/authorize',
      token: '/api/oauth.v2.access',
      params: { user_scope: 'identity.basic' },
    },
    endpoints: { userinfo: ['GET', '/api/users.identity'], revoke: ['POST', '/api/auth.revoke'] },
  },
  {
    name: 'withings',
    paths: { authorize: '/oauth2_user/authorize2', token: '/v2/oauth2' },
    endpoints: { userinfo: ['POST', '/v2/user'] },
  },
  {
    name: 'rotating',
    paths: { authorize: '/authorize', token: '/token' },
    endpoints: { userinfo: ['GET', '/userinfo'], revoke: ['POST', '/revoke'] },
  },
];

describe.each(cases)('$name', ({ name, paths, flags, endpoints }) => {
  let party: ModelParty;
  beforeAll(async () => {
    party = await ModelParty.start(name, paths, flags);
  });
  afterAll(() => party.close());
  beforeEach(() => party.register(flags));

  const all: Readonly<Record<string, Endpoint>> = { token: ['POST', paths.token], ...endpoints };

  it('can be struck at every endpoint there is', () => {
    const struck = [...Object.keys(all), 'authorize', 'login'].map((endpoint) => `${name}.${endpoint}`);
    expect(struck.sort()).toEqual(faultTargets.filter((target) => target.startsWith(`${name}.`)).sort());
  });

  it.each(Object.entries(all))('lets faults strike its %s endpoint', async (endpoint, [method, path]) => {
    const target = faultTargets.find((known) => known === `${name}.${endpoint}`)!;
    party.world.simulator.faults.add({ target, kind: 'status', value: 502, retryAfter: 3, times: 2 });
    const struck = [await party.call(method, path), await party.call(method, path)];
    expect(struck.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [502, '3'],
      [502, '3'],
    ]);
    expect((await party.call(method, path)).status).not.toBe(502);
  });

  it('lets faults strike the pages', async () => {
    party.world.simulator.faults.add({ target: `${name}.authorize`, kind: 'status', value: 503, times: 1 });
    expect((await party.browser().open(party.authorizeUrl())).status).toBe(503);
    party.world.simulator.faults.add({ target: `${name}.login`, kind: 'status', value: 503, times: 1 });
    expect((await party.page()).status).toBe(503);
  });
});

describe('at the token endpoint', () => {
  let party: ModelParty;
  let refreshToken: string;
  beforeAll(async () => {
    party = await ModelParty.start('rotating', { authorize: '/authorize', token: '/token' });
  });
  afterAll(() => party.close());
  beforeEach(async () => {
    party.register();
    refreshToken = String((await party.tokens())['refresh_token']);
  });

  const strike = (fault: Record<string, unknown>): void =>
    party.world.simulator.faults.add({ target: 'rotating.token', times: 1, ...fault } as Fault);
  const granted = () => party.model.counters().tokenGrants.refresh_token;

  it.each<[string, Record<string, unknown>, number, string | RegExp]>([
    ['a page', { kind: 'garbage' }, 200, /^<html>/],
    ['a page of the test', { kind: 'garbage', value: '<p>hello' }, 200, '<p>hello'],
    ['a burst', { kind: 'status', value: 503 }, 503, /server_error/],
  ])('%s comes instead, and the token is still good', async (_name, fault, status, body) => {
    strike(fault);
    const answer = await party.refresh(refreshToken);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(body);
    expect(granted()).toBe(0);
    expect((await party.refresh(refreshToken)).status).toBe(200);
  });

  it('two megabytes come instead', async () => {
    strike({ kind: 'garbage', as: 'large' });
    const answer = await party.refresh(refreshToken);
    expect(answer.text.length).toBeGreaterThan(2 * 1024 * 1024);
    expect(answer.json).toHaveProperty('padding');
    expect((await party.refresh(refreshToken)).status).toBe(200);
  });

  it('half of the true answer comes, and the token is used up', async () => {
    strike({ kind: 'garbage', as: 'truncated' });
    const { status, text, json } = await party.refresh(refreshToken);
    expect([status, json]).toEqual([200, {}]);
    expect(text).toMatch(/^\{"access_token":"rot_at_/);
    expect((await party.refresh(refreshToken)).status).toBe(400);
  });

  it('the true answer comes with another type', async () => {
    strike({ kind: 'garbage', as: 'wrong-type' });
    const { headers, json } = await party.refresh(refreshToken);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await party.refresh(String(json['refresh_token']))).status).toBe(200);
  });

  it('nothing comes, and nothing happened', async () => {
    strike({ kind: 'hang' });
    await expect(party.refresh(refreshToken, {}, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
    strike({ kind: 'reset' });
    await expect(party.refresh(refreshToken)).rejects.toThrow('fetch failed');
    expect(granted()).toBe(0);
    expect((await party.refresh(refreshToken)).status).toBe(200);
  });

  it('the answer is lost after the token was rotated', async () => {
    strike({ kind: 'reset-after-processing' });
    await expect(party.refresh(refreshToken)).rejects.toThrow('fetch failed');
    expect(granted()).toBe(1);
    expect(party.model.counters().liveRefreshTokens).toEqual([{ clientId: 'app', username: 'alice', count: 1 }]);
    expect((await party.refresh(refreshToken)).json['error']).toBe('invalid_grant');
    expect(party.model.counters()).toMatchObject({ reuseDetections: 1, liveRefreshTokens: [{ count: 0 }] });
  });

  it('calls are counted on arrival, whatever becomes of them', async () => {
    strike({ kind: 'status', value: 500, times: 3 });
    for (let time = 0; time < 4; time += 1) await party.refresh(refreshToken);
    expect(party.model.counters()).toMatchObject({
      tokenCalls: { refresh_token: 4 },
      tokenGrants: { refresh_token: 1 },
    });
  });

  it('the clock is wrong for a while', async () => {
    party.register({ accessTtl: 60 });
    strike({ kind: 'clock-skew', value: -60 });
    const tokens = await party.tokens();
    expect((await party.bearer('/userinfo', tokens['access_token'])).status).toBe(401);
    party.world.simulator.faults.add({ target: 'rotating.userinfo', kind: 'clock-skew', value: -1, times: 1 });
    expect((await party.bearer('/userinfo', tokens['access_token'])).status).toBe(200);
    strike({ kind: 'clock-skew', value: 91 * 86_400 });
    expect((await party.refresh(String(tokens['refresh_token']))).json['error']).toBe('invalid_grant');
    expect((await party.refresh(String(tokens['refresh_token']))).status).toBe(200);
  });

  it('a revocation may be lost as well', async () => {
    party.world.simulator.faults.add({ target: 'rotating.revoke', kind: 'reset-after-processing', times: 1 });
    const body = new URLSearchParams({ token: refreshToken });
    const init = { body, headers: { authorization: basicHeader() } };
    await expect(party.call('POST', '/revoke', init)).rejects.toThrow('fetch failed');
    expect(party.model.counters().revocations).toBe(1);
  });
});

/** Parties of a single test. */
const alone: ModelParty[] = [];
afterEach(() => Promise.all(alone.splice(0).map((party) => party.close())));

it('a wrong clock shows in id_tokens', async () => {
  const params = { scope: 'openid' };
  const google = await ModelParty.start('google', { authorize: '/o/oauth2/v2/auth', token: '/token', params });
  alone.push(google);
  google.world.simulator.faults.add({ target: 'google.token', kind: 'clock-skew', value: 300, times: 1 });
  const [skewed, right] = [await google.tokens(), await google.tokens()];
  const now = google.world.clock.now / 1000;
  expect(decodeJwt(String(skewed['id_token']))).toMatchObject({ iat: now + 300, exp: now + 300 + 3599 });
  expect(decodeJwt(String(right['id_token']))).toMatchObject({ iat: now, exp: now + 3599 });
});

it('delays pass as the simulator is told', async () => {
  const waited: number[] = [];
  const wait = (ms: number) => Promise.resolve(void waited.push(ms));
  const party = await ModelParty.start(
    'slack',
    { authorize: '/oauth/v2/authorize', token: '/api/oauth.v2.access' },
    {},
    { wait },
  );
  alone.push(party);
  party.world.simulator.faults.add({ target: 'slack.token', kind: 'delay', value: 9000 });
  expect((await party.redeem('never')).json).toEqual({ ok: false, error: 'invalid_code' });
  expect(waited).toEqual([9000]);
});
