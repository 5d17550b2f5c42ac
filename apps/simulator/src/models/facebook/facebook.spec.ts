import { callback, credentials, ModelParty, type JsonAnswer } from '../../../test/model-party.js';

let facebook: ModelParty;
beforeAll(async () => {
  facebook = await ModelParty.start('facebook', {
    authorize: '/dialog/oauth',
    token: '/oauth/access_token',
    params: { scope: 'public_profile,email' },
  });
});
afterAll(() => facebook.close());
beforeEach(() => facebook.register());

const extend = (token: unknown, change = {}) =>
  facebook.token({ ...credentials, grant_type: 'fb_exchange_token', fb_exchange_token: String(token), ...change });
const errorOf = ({ status, json }: JsonAnswer) => ({ status, ...(json['error'] as object) });

it.each(['GET', 'POST'])('exchanges a code by %s for a token of two hours, and says no more', async (method) => {
  const form = new URLSearchParams({ ...credentials, code: await facebook.code(), redirect_uri: callback });
  const answer =
    method === 'GET'
      ? await facebook.call('GET', `/oauth/access_token?${form.toString()}`)
      : await facebook.call('POST', '/oauth/access_token', { body: form });
  expect(answer.json).toEqual({
    access_token: expect.stringMatching(/^EAA/) as string,
    token_type: 'bearer',
    expires_in: 7200,
  });
  expect(facebook.model.counters().tokenGrants.authorization_code).toBe(1);
});

it('gives a long-lived token for a living one, and again for that', async () => {
  const { access_token: short } = await facebook.tokens();
  const { json: long } = await extend(short);
  expect(long).toMatchObject({ token_type: 'bearer', expires_in: 5_183_944 });
  facebook.pass(7200);
  expect((await facebook.bearer('/me', short)).status).toBe(400);
  expect((await facebook.bearer('/me', long['access_token'])).status).toBe(200);
  expect((await extend(long['access_token'])).json).toHaveProperty('access_token');
  expect(facebook.model.counters()).toMatchObject({
    tokenGrants: { fb_exchange_token: 2 },
    liveRefreshTokens: [{ count: 0 }],
  });
});

it('gives nothing for a token that has expired', async () => {
  const { access_token: short } = await facebook.tokens();
  facebook.pass(7200);
  expect(errorOf(await extend(short))).toEqual({
    status: 400,
    message: expect.any(String) as string,
    type: 'OAuthException',
    code: 190,
    error_subcode: 463,
    fbtrace_id: expect.any(String) as string,
  });
});

it.each([
  ['another token', {}, 190],
  ['a wrong secret', { client_secret: 'wrong' }, 1],
  ['a refresh', { grant_type: 'refresh_token' }, 100],
])('refuses %s in its own words', async (_name, change, code) => {
  expect(errorOf(await extend('EAAnever', change))).toMatchObject({ status: 400, type: 'OAuthException', code });
});

it('refuses a used code in its own words', async () => {
  const code = await facebook.code();
  await facebook.redeem(code);
  expect(errorOf(await facebook.redeem(code))).toMatchObject({ status: 400, code: 100 });
});

it.each([
  ['', { id: '10221234567890123', name: 'Alice Lindqvist' }],
  ['?fields=id', { id: '10221234567890123' }],
  ['?fields=id,name,email', { id: '10221234567890123', name: 'Alice Lindqvist', email: 'alice@acme-home.example' }],
])('tells the fields of /me%s', async (query, fields) => {
  const { access_token: token } = await facebook.tokens();
  expect((await facebook.bearer(`/me${query}`, token)).json).toEqual(fields);
});

it('takes the token from the query, and keeps the address without the permission', async () => {
  const { access_token: token } = await facebook.tokens({ scope: 'public_profile' });
  const { json } = await facebook.call('GET', `/me?fields=id,email&access_token=${String(token)}`);
  expect(json).toEqual({ id: '10221234567890123' });
});

it('takes back everything when the permissions are deleted', async () => {
  const [one, two] = [await facebook.tokens(), await facebook.tokens()];
  const headers = { authorization: `Bearer ${String(one['access_token'])}` };
  expect((await facebook.call('DELETE', '/me/permissions', { headers })).json).toEqual({ success: true });
  expect(errorOf(await facebook.bearer('/me', two['access_token']))).toMatchObject({ status: 400, code: 190 });
  expect(errorOf(await extend(two['access_token']))).toMatchObject({ code: 190 });
  expect(facebook.model.counters().revocations).toBe(1);
});
