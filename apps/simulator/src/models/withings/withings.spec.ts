import { ModelParty, type JsonAnswer } from '../../../test/model-party.js';

let withings: ModelParty;
beforeAll(async () => {
  withings = await ModelParty.start('withings', {
    authorize: '/oauth2_user/authorize2',
    token: '/v2/oauth2',
    params: { scope: 'user.info,user.metrics' },
  });
});
afterAll(() => withings.close());
beforeEach(() => withings.register());

const action = { action: 'requesttoken' };
const bodyOf = (answer: JsonAnswer) => answer.json['body'] as Record<string, unknown>;
const redeem = async (change = {}) => withings.redeem(await withings.code(), { ...action, ...change });
const refresh = (token: unknown) => withings.refresh(String(token), action);
const use = (token: unknown) =>
  withings.bearer('/v2/user', token, {
    method: 'POST',
    headers: { authorization: `Bearer ${String(token)}` },
    body: new URLSearchParams({ action: 'getdevice' }),
  });

it('wraps the tokens', async () => {
  const answer = await redeem();
  expect(answer.json['status']).toBe(0);
  expect(bodyOf(answer)).toMatchObject({
    userid: '13640219',
    scope: 'user.info,user.metrics',
    expires_in: 10_800,
    token_type: 'Bearer',
  });
  expect((await use(bodyOf(answer)['access_token'])).json).toEqual({ status: 0, body: { devices: [] } });
});

it.each([
  ['another code', { code: 'never' }, 'code'],
  ['a wrong secret', { client_secret: 'wrong' }, 'client_secret'],
  ['another redirect URI', { redirect_uri: 'https://broker.example/other' }, 'redirect_uri'],
  ['another action', { action: 'revoke' }, 'action'],
  ['another grant type', { grant_type: 'password' }, 'grant_type'],
  ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'wi_rt_x' }, 'refresh_token'],
])('answers %s with 200, another status, and words', async (_name, change, blamed) => {
  const answer = await redeem(change);
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ status: 503, body: {}, error: `Invalid Params: invalid ${blamed}` });
});

it('has codes for half a minute', async () => {
  const code = await withings.code();
  withings.pass(30);
  expect((await withings.redeem(code, action)).json['status']).toBe(503);
});

it('says of a dead access token so, with 200', async () => {
  const tokens = bodyOf(await redeem());
  withings.pass(10_800);
  const answer = await use(tokens['access_token']);
  expect([answer.status, answer.json['status']]).toEqual([200, 401]);
});

describe('the refresh token before', () => {
  it('is good for eight hours', async () => {
    const first = bodyOf(await redeem());
    const second = bodyOf(await refresh(first['refresh_token']));
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    withings.pass(8 * 3600 - 1);
    expect((await refresh(first['refresh_token'])).json['status']).toBe(0);
    withings.pass(1);
    expect((await refresh(first['refresh_token'])).json['status']).toBe(503);
    expect((await refresh(second['refresh_token'])).json['status']).toBe(0);
    expect(withings.model.counters().reuseDetections).toBe(1);
  });

  it('ends when the new access token is used', async () => {
    const first = bodyOf(await redeem());
    const second = bodyOf(await refresh(first['refresh_token']));
    await use(first['access_token']);
    expect((await refresh(first['refresh_token'])).json['status']).toBe(0);
    await use(second['access_token']);
    expect((await refresh(first['refresh_token'])).json['status']).toBe(503);
    expect((await refresh(second['refresh_token'])).json['status']).toBe(0);
  });
});
