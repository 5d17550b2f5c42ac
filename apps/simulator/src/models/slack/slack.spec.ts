import { basicHeader, callback, ModelParty } from '../../../test/model-party.js';

let slack: ModelParty;
beforeAll(async () => {
  slack = await ModelParty.start('slack', {
    authorize: '/oauth/v2/authorize',
    token: '/api/oauth.v2.access',
    params: { user_scope: 'identity.basic,identity.email' },
  });
});
afterAll(() => slack.close());
beforeEach(() => slack.register());

type Answer = Record<string, unknown>;
const userOf = (answer: Answer): Answer => answer['authed_user'] as Answer;
const identity = async (token: unknown) => (await slack.bearer('/api/users.identity', token)).json;

it("gives the user's token below authed_user and none on top", async () => {
  const answer = await slack.tokens();
  expect(answer).toMatchObject({ ok: true, team: { id: 'T0ACME' } });
  expect(answer).not.toHaveProperty('access_token');
  expect(userOf(answer)).toEqual({
    id: 'U0ALICE',
    scope: 'identity.basic,identity.email',
    token_type: 'user',
    access_token: expect.stringMatching(/^xoxp-/) as string,
  });
  expect(await identity(userOf(answer)['access_token'])).toEqual({
    ok: true,
    user: { name: 'Alice Lindqvist', id: 'U0ALICE', email: 'alice@acme-home.example' },
    team: { id: 'T0ACME' },
  });
});

it("gives the app's token on top when its scopes are asked for", async () => {
  const answer = await slack.tokens({ scope: 'chat:write,team:read', user_scope: undefined });
  expect(answer).toMatchObject({ ok: true, scope: 'chat:write,team:read', token_type: 'bot' });
  expect(userOf(answer)).toEqual({ id: 'U0ALICE' });
  expect(await identity(answer['access_token'])).toEqual({ ok: false, error: 'missing_scope' });
});

it.each([
  ['another code', { code: 'never' }, 'invalid_code'],
  ['a wrong secret', { client_secret: 'wrong' }, 'bad_client_secret'],
  ['another redirect URI', { redirect_uri: `${callback}/more` }, 'bad_redirect_uri'],
  ['another grant type', { grant_type: 'password' }, 'invalid_grant_type'],
  ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'xoxe-1-x' }, 'invalid_refresh_token'],
])('answers %s with 200', async (_name, change, error) => {
  const answer = await slack.redeem(await slack.code(), change);
  expect([answer.status, answer.json]).toEqual([200, { ok: false, error }]);
});

it('takes Basic credentials', async () => {
  const form = { code: await slack.code(), redirect_uri: callback };
  const answer = await slack.token(form, { headers: { authorization: basicHeader() } });
  expect(answer.json['ok']).toBe(true);
});

it('wants scopes on one side at least', async () => {
  const arrived = await slack.browser().open(slack.authorizeUrl({ user_scope: undefined }));
  expect(new URL(arrived.arrived ?? '').searchParams.get('error')).toBe('invalid_scope');
});

describe('token rotation', () => {
  beforeEach(() => slack.register({ tokenRotation: true }));

  it('gives twelve hours, and refresh tokens for one use', async () => {
    const first = userOf(await slack.tokens());
    expect(first['expires_in']).toBe(43_200);
    const { json: second } = await slack.refresh(String(first['refresh_token']));
    expect(second).toMatchObject({ ok: true, token_type: 'user', expires_in: 43_200 });
    const { status, json: again } = await slack.refresh(String(first['refresh_token']));
    expect([status, again]).toEqual([200, { ok: false, error: 'invalid_refresh_token' }]);
    expect((await slack.refresh(String(second['refresh_token']))).json['ok']).toBe(true);
    expect(slack.model.counters()).toMatchObject({ reuseDetections: 1, tokenGrants: { refresh_token: 2 } });
  });

  it('lets access tokens expire', async () => {
    const { access_token: token } = userOf(await slack.tokens());
    slack.pass(43_200);
    expect(await identity(token)).toEqual({ ok: false, error: 'token_expired' });
  });

  it("renews the app's token and the user's apart", async () => {
    const answer = await slack.tokens({ scope: 'chat:write' });
    const { json: bot } = await slack.refresh(String(answer['refresh_token']));
    const { json: user } = await slack.refresh(String(userOf(answer)['refresh_token']));
    expect([bot['scope'], user['scope']]).toEqual(['chat:write', 'identity.basic,identity.email']);
  });
});

describe('auth.revoke', () => {
  it("ends the user's tokens and leaves the app's", async () => {
    slack.register({ tokenRotation: true });
    const answer = await slack.tokens({ scope: 'chat:write' });
    const { access_token: token, refresh_token: refresh } = userOf(answer);
    expect((await slack.bearer('/api/auth.revoke', token)).json).toEqual({ ok: true, revoked: true });
    expect(await identity(token)).toEqual({ ok: false, error: 'token_revoked' });
    expect((await slack.refresh(String(refresh))).json['ok']).toBe(false);
    expect((await slack.refresh(String(answer['refresh_token']))).json['ok']).toBe(true);
    expect(slack.model.counters().revocations).toBe(1);
  });

  it('does not know a token that nobody gave', async () => {
    const { status, json } = await slack.bearer('/api/auth.revoke', 'xoxp-never');
    expect([status, json]).toEqual([200, { ok: false, error: 'invalid_auth' }]);
  });
});
