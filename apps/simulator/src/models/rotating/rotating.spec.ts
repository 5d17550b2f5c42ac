import { basicHeader, callback, ModelParty } from '../../../test/model-party.js';

let rotating: ModelParty;
beforeAll(async () => {
  rotating = await ModelParty.start('rotating', {
    authorize: '/authorize',
    token: '/token',
    params: { scope: 'lights heating' },
  });
});
afterAll(() => rotating.close());
beforeEach(() => rotating.register());

const text = (tokens: Readonly<Record<string, unknown>>, name: string): string => String(tokens[name]);
const revoke = (token: string) =>
  rotating.call('POST', '/revoke', {
    body: new URLSearchParams({ token }),
    headers: { authorization: basicHeader() },
  });

it('gives tokens and tells who signed in', async () => {
  const tokens = await rotating.tokens({}, 'bob');
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'lights heating' });
  const told = await rotating.bearer('/userinfo', tokens['access_token']);
  expect(told.json).toEqual({ sub: 'acme-bob', username: 'bob', name: 'Bob Marwick', email: 'bob@acme-home.example' });
});

it('takes Basic credentials as well', async () => {
  const form = { grant_type: 'authorization_code', code: await rotating.code(), redirect_uri: callback };
  const answer = await rotating.token(form, { headers: { authorization: basicHeader() } });
  expect(answer.status).toBe(200);
});

it('lets access tokens live as long as the client is registered for, by the clock of the model', async () => {
  rotating.register({ accessTtl: 3 });
  const tokens = await rotating.tokens();
  expect(tokens['expires_in']).toBe(3);
  rotating.pass(2);
  expect((await rotating.bearer('/userinfo', tokens['access_token'])).status).toBe(200);
  rotating.pass(1);
  expect((await rotating.bearer('/userinfo', tokens['access_token'])).status).toBe(401);
});

it('rotates', async () => {
  const first = text(await rotating.tokens(), 'refresh_token');
  const second = await rotating.refresh(first);
  expect([second.status, second.json['refresh_token'] === first]).toEqual([200, false]);
  expect((await rotating.refresh(text(second.json, 'refresh_token'))).status).toBe(200);
  expect(rotating.model.counters()).toMatchObject({
    tokenGrants: { refresh_token: 2 },
    reuseDetections: 0,
    liveRefreshTokens: [{ clientId: 'app', username: 'alice', count: 1 }],
  });
});

it('ends the whole chain, and no other, when a token comes twice; and counts it', async () => {
  const other = text(await rotating.tokens(), 'refresh_token');
  const first = text(await rotating.tokens(), 'refresh_token');
  const { json: second } = await rotating.refresh(first);
  const reused = await rotating.refresh(first);
  expect([reused.status, reused.json['error']]).toEqual([400, 'invalid_grant']);
  expect((await rotating.refresh(text(second, 'refresh_token'))).status).toBe(400);
  expect((await rotating.bearer('/userinfo', second['access_token'])).status).toBe(401);
  expect((await rotating.refresh(other)).status).toBe(200);
  expect(rotating.model.counters()).toMatchObject({ reuseDetections: 1, liveRefreshTokens: [{ count: 1 }] });
});

it('lets one of many parallel refreshes win, and then nobody', async () => {
  const token = text(await rotating.tokens(), 'refresh_token');
  const answers = await Promise.all(Array.from({ length: 5 }, () => rotating.refresh(token)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect((await rotating.refresh(text(won[0]!.json, 'refresh_token'))).status).toBe(400);
  expect(rotating.model.counters().reuseDetections).toBe(4);
});

it('does not take a token from another client, and does not hold it against the chain', async () => {
  rotating.addClient('other', { clientSecret: 'other secret' });
  const token = text(await rotating.tokens(), 'refresh_token');
  const stranger = await rotating.refresh(token, { client_id: 'other', client_secret: 'other secret' });
  expect(stranger.json['error']).toBe('invalid_grant');
  expect((await rotating.refresh(token)).status).toBe(200);
});

it.each(['refresh_token', 'access_token'])('revokes by %s', async (kind) => {
  const tokens = await rotating.tokens();
  expect((await revoke(text(tokens, kind))).status).toBe(200);
  expect((await rotating.bearer('/userinfo', tokens['access_token'])).status).toBe(401);
  const refreshed = await rotating.refresh(text(tokens, 'refresh_token'));
  expect(refreshed.status).toBe(kind === 'refresh_token' ? 400 : 200);
  expect(rotating.model.counters().revocations).toBe(1);
});

it('answers 200 to the revocation of what it does not know, and counts nothing', async () => {
  expect((await revoke('never seen')).status).toBe(200);
  expect(rotating.model.counters().revocations).toBe(0);
});

it('refuses another redirect URI as an invalid grant', async () => {
  const answer = await rotating.redeem(await rotating.code(), { redirect_uri: 'https://broker.example/other' });
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
});
