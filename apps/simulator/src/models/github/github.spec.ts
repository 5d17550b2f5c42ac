import { basicHeader, callback, credentials, ModelParty } from '../../../test/model-party.js';
import { send } from '../../http/send.js';

let github: ModelParty;
beforeAll(async () => {
  github = await ModelParty.start('github', {
    authorize: '/login/oauth/authorize',
    token: '/login/oauth/access_token',
    params: { scope: 'read:user user:email' },
  });
});
afterAll(() => github.close());
beforeEach(() => github.register());

const json = { headers: { accept: 'application/json' } };
const redeem = async (change = {}) => github.redeem(await github.code(), change, json);
const user = (token: unknown) => github.bearer('/user', token);
const end = (what: string, body: unknown, authorization = basicHeader()) =>
  github.call('DELETE', `/applications/app/${what}`, {
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it('answers form-encoded, unless JSON is asked for', async () => {
  const plain = await github.redeem(await github.code());
  expect(plain.headers.get('content-type')).toBe('application/x-www-form-urlencoded; charset=utf-8');
  const form = Object.fromEntries(new URLSearchParams(plain.text));
  expect(form).toEqual({
    access_token: expect.stringMatching(/^gho_/) as string,
    scope: 'read:user,user:email',
    token_type: 'bearer',
  });
  const { json: members } = await redeem();
  expect(Object.keys(members).sort()).toEqual(['access_token', 'scope', 'token_type']);
});

it('needs neither grant type nor redirect URI', async () => {
  const answer = await github.token({ ...credentials, code: await github.code() }, json);
  expect(answer.json).toHaveProperty('access_token');
  const arrived = await github.arrive({ redirect_uri: undefined, response_type: undefined });
  expect(arrived.get('code')).not.toBeNull();
});

it.each([
  ['another code', { code: 'never' }, 'bad_verification_code'],
  ['a wrong secret', { client_secret: 'wrong' }, 'incorrect_client_credentials'],
  ['an unknown client', { client_id: 'stranger' }, 'incorrect_client_credentials'],
  ['another redirect URI', { redirect_uri: `${callback}/more` }, 'redirect_uri_mismatch'],
  ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
  ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'ghr_x' }, 'bad_refresh_token'],
])('answers %s with 200', async (_name, change, error) => {
  const answer = await redeem(change);
  expect([answer.status, answer.json['error']]).toEqual([200, error]);
  const plain = await github.redeem(await github.code(), change);
  expect([plain.status, new URLSearchParams(plain.text).get('error')]).toEqual([200, error]);
});

it('does not see Basic credentials at the token endpoint', async () => {
  const form = { code: await github.code(), redirect_uri: callback };
  const headers = { ...json.headers, authorization: basicHeader() };
  expect((await github.token(form, { headers })).json['error']).toBe('incorrect_client_credentials');
});

describe('the user', () => {
  it('has a number for an id', async () => {
    const { json: tokens } = await redeem();
    const told = await user(tokens['access_token']);
    expect(told.json).toMatchObject({ login: 'alice', id: 583231 });
    expect(told.headers.get('x-oauth-scopes')).toBe('read:user, user:email');
  });

  it('is not told to a client without a name', async () => {
    const { json: tokens } = await redeem();
    const headers = { authorization: `Bearer ${String(tokens['access_token'])}` };
    expect((await send({ method: 'GET', url: `${github.origin}/user`, headers }, 5000)).status).toBe(403);
    expect(
      (await send({ method: 'GET', url: `${github.origin}/user`, headers: { ...headers, 'User-Agent': 'x' } }, 5000))
        .status,
    ).toBe(200);
  });

  it('is not told for a token that nobody gave', async () => {
    const told = await user('gho_never');
    expect([told.status, told.json['message']]).toEqual([401, 'Bad credentials']);
  });

  it('stays known for ever', async () => {
    const { json: tokens } = await redeem();
    github.pass(3 * 365 * 86_400);
    expect((await user(tokens['access_token'])).status).toBe(200);
  });
});

describe('a GitHub App', () => {
  beforeEach(() => github.register({ githubApp: true }));

  it('gets tokens that expire', async () => {
    const { json: tokens } = await redeem();
    expect(tokens).toMatchObject({
      access_token: expect.stringMatching(/^ghu_/) as string,
      expires_in: 28_800,
      refresh_token: expect.stringMatching(/^ghr_/) as string,
      refresh_token_expires_in: 15_897_600,
    });
    github.pass(28_800);
    expect((await user(tokens['access_token'])).status).toBe(401);
    github.pass(15_897_600);
    const late = await github.refresh(String(tokens['refresh_token']), {}, json);
    expect(late.json['error']).toBe('bad_refresh_token');
  });

  it('uses up the refresh token and the access token before', async () => {
    const { json: first } = await redeem();
    const { json: second } = await github.refresh(String(first['refresh_token']), {}, json);
    expect((await user(first['access_token'])).status).toBe(401);
    expect((await user(second['access_token'])).status).toBe(200);
    const again = await github.refresh(String(first['refresh_token']), {}, json);
    expect([again.status, again.json['error']]).toEqual([200, 'bad_refresh_token']);
    expect((await github.refresh(String(second['refresh_token']), {}, json)).json).toHaveProperty('access_token');
    expect(github.model.counters().reuseDetections).toBe(1);
  });
});

describe('revocation', () => {
  it('of the grant ends every token of the user', async () => {
    const [{ json: first }, { json: second }] = [await redeem(), await redeem()];
    expect((await end('grant', { access_token: first['access_token'] })).status).toBe(204);
    expect((await user(second['access_token'])).status).toBe(401);
    expect(github.model.counters().revocations).toBe(1);
  });

  it('of a token ends this one', async () => {
    const [{ json: first }, { json: second }] = [await redeem(), await redeem()];
    expect((await end('token', { access_token: first['access_token'] })).status).toBe(204);
    expect((await user(first['access_token'])).status).toBe(401);
    expect((await user(second['access_token'])).status).toBe(200);
  });

  it.each([
    ['wrong credentials', 'wrong', 401],
    ['a token that nobody gave', 'app secret', 422],
  ])('is refused for %s', async (_name, secret, status) => {
    expect((await end('grant', { access_token: 'gho_never' }, basicHeader('app', secret))).status).toBe(status);
  });

  it('is refused without credentials', async () => {
    expect((await github.call('DELETE', '/applications/app/grant')).status).toBe(401);
  });
});
