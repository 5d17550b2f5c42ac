import { createLocalJWKSet, jwtVerify } from 'jose';
import { callback, credentials, ModelParty } from '../../../test/model-party.js';
import { arrivedAt } from '../../../test/upstream-relying-party.js';

const calendar = 'https://www.googleapis.com/auth/calendar';
const drive = 'https://www.googleapis.com/auth/drive';
const paths = {
  authorize: '/o/oauth2/v2/auth',
  token: '/token',
  params: { scope: `openid email ${calendar}`, access_type: 'offline' },
};
const day = 86_400;

let google: ModelParty;
beforeAll(async () => {
  google = await ModelParty.start('google', paths);
});
afterAll(() => google.close());
beforeEach(() => google.register());

const refreshToken = async (change = {}): Promise<string> => String((await google.tokens(change))['refresh_token']);
const revoke = (token: unknown) =>
  google.call('POST', '/revoke', { body: new URLSearchParams({ token: String(token) }) });

it('publishes where its endpoints are, below the issuer', async () => {
  const { json } = await google.call('GET', '/.well-known/openid-configuration');
  expect(json).toMatchObject({
    issuer: google.origin,
    authorization_endpoint: google.origin + paths.authorize,
    token_endpoint: `${google.origin}/token`,
    userinfo_endpoint: `${google.origin}/v1/userinfo`,
    revocation_endpoint: `${google.origin}/revoke`,
    jwks_uri: `${google.origin}/oauth2/v3/certs`,
  });
});

it('gives an id_token that verifies, with the nonce, by its own clock', async () => {
  const tokens = await google.tokens({ nonce: 'n-1' });
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
  const { json: keys } = await google.call('GET', '/oauth2/v3/certs');
  const { payload } = await jwtVerify(
    String(tokens['id_token']),
    createLocalJWKSet(keys as unknown as Parameters<typeof createLocalJWKSet>[0]),
    { issuer: google.origin, audience: 'app', currentDate: new Date(google.world.clock.now) },
  );
  expect(payload).toMatchObject({ nonce: 'n-1', email: 'alice@acme-home.example', azp: 'app' });
  expect(payload.exp).toBe(google.world.clock.now / 1000 + 3599);
  const told = await google.bearer('/v1/userinfo', tokens['access_token']);
  expect(told.json).toMatchObject({ sub: payload.sub, email_verified: true });
});

describe('a refresh token', () => {
  it.each([
    ['at the first consent', {}, true],
    ['not without offline access', { access_type: undefined }, false],
    ['not for online access', { access_type: 'online' }, false],
  ])('comes %s', async (_name, change, given) => {
    expect('refresh_token' in (await google.tokens(change))).toBe(given);
  });

  it('does not come again, unless the consent is forced', async () => {
    await google.tokens();
    expect(await google.tokens()).not.toHaveProperty('refresh_token');
    expect(await google.tokens({ prompt: 'consent' })).toHaveProperty('refresh_token');
    expect(await google.tokens({ prompt: 'select_account consent' })).toHaveProperty('refresh_token');
  });

  it('is a matter between one client and one user', async () => {
    google.addClient('other', { clientSecret: 'other secret' });
    await google.tokens();
    expect(await google.tokens({}, 'bob')).toHaveProperty('refresh_token');
    const code = await google.code({ client_id: 'other' });
    const { json } = await google.redeem(code, { client_id: 'other', client_secret: 'other secret' });
    expect(json).toHaveProperty('refresh_token');
    const refused = await google.refresh(String(json['refresh_token']));
    expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_grant']);
  });

  it('stays the same and is not repeated', async () => {
    const token = await refreshToken();
    for (let time = 0; time < 3; time += 1) {
      const { status, json } = await google.refresh(token);
      expect([status, json['refresh_token'], json['expires_in']]).toEqual([200, undefined, 3599]);
      expect((await google.bearer('/v1/userinfo', json['access_token'])).status).toBe(200);
    }
    expect(google.model.counters()).toMatchObject({
      tokenCalls: { authorization_code: 1, refresh_token: 3 },
      tokenGrants: { refresh_token: 3 },
      reuseDetections: 0,
      liveRefreshTokens: [{ clientId: 'app', username: 'alice', count: 1 }],
    });
  });

  it('dies when it is not used for six months, and use keeps it', async () => {
    const token = await refreshToken();
    for (let time = 0; time < 3; time += 1) {
      google.pass(170 * day);
      expect((await google.refresh(token)).status).toBe(200);
    }
    google.pass(181 * day);
    expect((await google.refresh(token)).json['error']).toBe('invalid_grant');
  });

  it('gives way to the hundred newer ones, without a word', async () => {
    const first = await refreshToken();
    const second = await refreshToken({ prompt: 'consent' });
    for (let more = 2; more < 100; more += 1) await refreshToken({ prompt: 'consent' });
    expect((await google.refresh(first)).status).toBe(200);
    const newest = await refreshToken({ prompt: 'consent' });
    expect(google.model.counters().liveRefreshTokens).toEqual([{ clientId: 'app', username: 'alice', count: 100 }]);
    const statuses = [await google.refresh(first), await google.refresh(second), await google.refresh(newest)];
    expect(statuses.map(({ status }) => status)).toEqual([400, 200, 200]);
  });
});

describe('testing mode', () => {
  it('ends refresh tokens after seven days, whatever they are used for', async () => {
    google.register({ testingMode: true });
    const tokens = await google.tokens();
    expect(tokens['refresh_token_expires_in']).toBe(7 * day);
    const token = String(tokens['refresh_token']);
    google.pass(6 * day);
    const { json } = await google.refresh(token);
    expect(json).toMatchObject({ expires_in: 3599, refresh_token_expires_in: day });
    google.pass(day);
    expect((await google.refresh(token)).json['error']).toBe('invalid_grant');
  });

  it('spares apps that only sign in', async () => {
    google.register({ testingMode: true });
    const tokens = await google.tokens({ scope: 'openid email profile' });
    expect(tokens).not.toHaveProperty('refresh_token_expires_in');
    google.pass(8 * day);
    expect((await google.refresh(String(tokens['refresh_token']))).status).toBe(200);
  });
});

describe('revocation', () => {
  it.each(['access_token', 'refresh_token'])('with an %s ends every token and the consent', async (kind) => {
    const first = await google.tokens();
    const second = await google.tokens({ prompt: 'consent' });
    const bob = await google.tokens({}, 'bob');
    expect((await revoke(second[kind])).status).toBe(200);
    expect((await google.refresh(String(first['refresh_token']))).status).toBe(400);
    expect((await google.bearer('/v1/userinfo', first['access_token'])).status).toBe(401);
    expect((await google.refresh(String(bob['refresh_token']))).status).toBe(200);
    expect(google.model.counters().revocations).toBe(1);
    expect(await google.tokens()).toHaveProperty('refresh_token');
  });

  it('of what is not alive is refused', async () => {
    const { access_token: access } = await google.tokens();
    google.pass(3600);
    for (const token of ['never seen', access]) {
      const { status, json } = await revoke(token);
      expect([status, json]).toEqual([400, { error: 'invalid_token' }]);
    }
  });
});

describe('consent', () => {
  it('may be for fewer scopes than asked; those of the sign-in are always there', async () => {
    google.register({ partialScopes: [drive] });
    const arrived = await google.arrive({ scope: `openid email ${calendar} ${drive}` });
    const granted = `openid https://www.googleapis.com/auth/userinfo.email ${drive}`;
    expect(arrived.get('scope')).toBe(granted);
    expect((await google.redeem(arrived.get('code') ?? '')).json['scope']).toBe(granted);
  });

  it.each([
    [
      'Android',
      'Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP4A; wv) AppleWebKit/537.36 Chrome/130.0 Safari/537.36',
    ],
    [
      'iOS',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
    ],
  ])('is not asked for in a web view of %s', async (_name, agent) => {
    const page = await google.browser(agent).open(google.authorizeUrl());
    expect([page.status, page.forms]).toEqual([403, []]);
    expect(page.answer.body).toContain('disallowed_useragent');
  });

  it.each([
    [
      'Safari',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 Version/18.3 Mobile/15E148 Safari/604.1',
    ],
    [
      'Chrome',
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36',
    ],
  ])('is asked for in %s', async (_name, agent) => {
    expect((await google.browser(agent).open(google.authorizeUrl())).status).toBe(200);
  });

  it.each([
    ['prompt=none', { prompt: 'none' }, 'login_required'],
    ['an unknown access type', { access_type: 'sometimes' }, 'invalid_request'],
    ['no scope', { scope: undefined }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a plain challenge', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
  ])('is refused by redirect for %s', async (_name, change, error) => {
    const { searchParams } = arrivedAt(await google.browser().open(google.authorizeUrl(change)));
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual([error, 's+t/a=te']);
  });

  it.each([
    ['an unknown client', { client_id: 'stranger' }],
    ['a foreign redirect URI', { redirect_uri: `${callback}/more` }],
  ])('ends on a page for %s', async (_name, change) => {
    const page = await google.browser().open(google.authorizeUrl(change));
    expect([page.status, page.arrived]).toEqual([400, undefined]);
  });

  it('can be declined', async () => {
    const browser = google.browser();
    const page = await browser.open(google.authorizeUrl());
    const cancel = /href="(\/google\/cancel[^"]+)"/.exec(page.answer.body)?.[1] ?? '';
    const { searchParams } = arrivedAt(await browser.open(google.world.simulatorUrl + cancel));
    expect(searchParams.get('error')).toBe('access_denied');
  });
});

it.each([
  ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
  ['another redirect URI', { redirect_uri: `${callback}/more` }, 400, 'redirect_uri_mismatch'],
  ['a verifier without a challenge', { code_verifier: 'v'.repeat(43) }, 400, 'invalid_grant'],
  ['another code', { code: '4/0never' }, 400, 'invalid_grant'],
  ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
])('refuses %s at the token endpoint', async (_name, change, status, error) => {
  const answer = await google.redeem(await google.code(), change);
  expect([answer.status, answer.json['error']]).toEqual([status, error]);
});

it('refuses a code that is late or comes twice', async () => {
  const [late, twice] = [await google.code(), await google.code()];
  expect((await google.redeem(twice)).status).toBe(200);
  expect((await google.redeem(twice)).status).toBe(400);
  google.pass(600);
  expect((await google.redeem(late)).status).toBe(400);
});

it('refuses a parameter that comes twice', async () => {
  const body = new URLSearchParams({ ...credentials, grant_type: 'refresh_token' });
  body.append('grant_type', 'authorization_code');
  const answer = await google.call('POST', '/token', { body });
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
});
