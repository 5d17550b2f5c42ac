import { authorizeUrl, exchange, linked, link, post, redeem, refresh, revoke, type Answer } from '../test/alexa.js';
import { ALEXA, BACKEND, startTestBroker, type TestBroker } from '../test/test-broker.js';

const RIVAL_BACKEND = { clientId: 'rival-backend', clientSecret: 'rival-backend-secret' };
const RIVAL_SKILL = { clientId: 'alexa-rival', clientSecret: 'rival-secret' };
const THROUGH = { clientId: 'alexa-through', clientSecret: 'through-secret' };
const THROUGH_BACKEND = { clientId: 'through-backend', clientSecret: 'through-backend-secret' };

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
  await broker.apply((yaml) =>
    yaml.replace(
      'clientSecret: rival-secret,',
      `clientSecret: rival-secret, backend: { clientId: ${RIVAL_BACKEND.clientId}, clientSecret: ${RIVAL_BACKEND.clientSecret} },`,
    ),
  );
}, 60_000);
afterAll(() => broker.close());
beforeEach(() => broker.clock.set(new Date()));

const upstreamUserinfo = (token: string): Promise<Response> =>
  fetch(`${broker.upstream.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
const userinfo = (authorization?: string): Promise<Response> =>
  fetch(`${broker.url}/oauth/userinfo`, { headers: authorization === undefined ? {} : { authorization } });
const throughUrl = (): string => authorizeUrl(broker, { client_id: THROUGH.clientId, scope: undefined });
const accessToken = (answer: Answer): string => String(answer.body['access_token']);

describe("a token exchange by the skill's own server", () => {
  test("gives the upstream's access token", async () => {
    const { access } = await linked(broker, ALEXA);
    const answer = await exchange(broker, BACKEND, access);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: expect.any(Number) as unknown,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const told = await upstreamUserinfo(accessToken(answer));
    expect([told.status, await told.json()]).toEqual([200, { sub: 'alice' }]);
  });

  test("is refused for Alexa's credential, and Alexa's grants for the backend's", async () => {
    const pair = await linked(broker, ALEXA);
    expect(await exchange(broker, ALEXA, pair.access)).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    });
    expect(await refresh(broker, BACKEND, pair.refresh)).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    });
  });

  test("is refused for another skill's token, in the same words as for a forged one", async () => {
    const { access, refresh: refreshToken } = await linked(broker, ALEXA);
    const foreign = await exchange(broker, RIVAL_BACKEND, access);
    const forged = await exchange(broker, RIVAL_BACKEND, 'x'.repeat(80));
    expect([foreign.status, foreign.body]).toEqual([forged.status, forged.body]);
    expect(foreign).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await exchange(broker, BACKEND, refreshToken)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  test.each([
    ['subject_token_type', { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }, 'invalid_request'],
    ['requested_token_type', { requested_token_type: 'urn:ietf:params:oauth:token-type:jwt' }, 'invalid_request'],
    ['actor_token', { actor_token: 'x' }, 'invalid_request'],
    ['audience', { audience: 'https://elsewhere.example' }, 'invalid_target'],
    ['resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
    ['subject_token', { subject_token: '' }, 'invalid_request'],
  ])('holds %s to what it serves', async (_name, change, error) => {
    expect(await exchange(broker, BACKEND, 'x', change)).toMatchObject({ status: 400, body: { error } });
  });

  test('is refused once the access token has expired, was revoked, or its grant ended', async () => {
    const pair = await linked(broker, ALEXA);
    broker.clock.advance({ seconds: 3_601 });
    expect(await exchange(broker, BACKEND, pair.access)).toMatchObject({ status: 400 });
    const fresh = accessToken(await refresh(broker, ALEXA, pair.refresh));
    expect((await exchange(broker, BACKEND, fresh)).status).toBe(200);
    await revoke(broker, ALEXA, pair.refresh);
    expect((await exchange(broker, BACKEND, fresh)).body).toEqual({
      error: 'invalid_grant',
      error_description: 'The subject token is not valid.',
    });
  });

  test('renews an expired upstream token once, however many ask at once', async () => {
    const pair = await linked(broker, ALEXA);
    const before = accessToken(await exchange(broker, BACKEND, pair.access));
    broker.clock.advance({ seconds: 3_700 });
    const alexa = accessToken(await refresh(broker, ALEXA, pair.refresh));
    const count = broker.upstream.refreshes();
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(broker, BACKEND, alexa)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(accessToken)).size).toBe(1);
    expect(accessToken(answers[0]!)).not.toBe(before);
    expect(broker.upstream.refreshes()).toBe(count + 1);
    expect((await upstreamUserinfo(accessToken(answers[0]!))).status).toBe(200);
    const [journal] = await broker.database.sql<{ outcome: string; sent: boolean }>(
      'SELECT outcome, sent_at IS NOT NULL AS sent FROM linkbroker.upstream_refresh_attempts ORDER BY began_at DESC LIMIT 1',
    );
    expect(journal).toEqual({ outcome: 'stored', sent: true });
  });

  test('says in one word that the upstream has ended it, and in another that it may have', async () => {
    const pair = await linked(broker, ALEXA);
    await broker.upstream.revokeAll();
    broker.clock.advance({ seconds: 3_700 });
    const alexa = accessToken(await refresh(broker, ALEXA, pair.refresh));
    const first = await exchange(broker, BACKEND, alexa);
    expect(first).toMatchObject({ status: 400, body: { error: 'invalid_grant', link_state: 'at_risk' } });
    expect((await exchange(broker, BACKEND, alexa)).body).toMatchObject({ link_state: 'at_risk' });
    broker.clock.advance({ seconds: 60 });
    expect((await exchange(broker, BACKEND, alexa)).body).toMatchObject({ link_state: 'dead' });
    // Now it is certain, and Alexa is told at its next refresh; a new link begins afresh.
    expect(await refresh(broker, ALEXA, pair.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    broker.clock.set(new Date());
    const back = await linked(broker, ALEXA);
    expect((await exchange(broker, BACKEND, back.access)).status).toBe(200);
  });
});

describe('/oauth/userinfo', () => {
  test('tells the bearer who is linked, by the id that introspection calls sub', async () => {
    const { access } = await linked(broker, ALEXA);
    const { body } = await post(broker, '/oauth/introspect', {
      token: access,
      client_id: BACKEND.clientId,
      client_secret: BACKEND.clientSecret,
    });
    const told = await userinfo(`Bearer ${access}`);
    expect([told.status, await told.json()]).toEqual([200, { sub: body['sub'] }]);
    const headers = { authorization: `Bearer ${access}` };
    const posted = await fetch(`${broker.url}/oauth/userinfo`, { method: 'POST', headers });
    expect([posted.status, await posted.json()]).toEqual([200, { sub: body['sub'] }]);
  });

  test.each([
    ['no token', undefined, /^Bearer realm="linkbroker"$/],
    ['another scheme', 'Basic YTpi', /^Bearer realm="linkbroker"$/],
    ['a forged token', `Bearer ${'x'.repeat(80)}`, /error="invalid_token"/],
  ])('answers %s with 401 and a challenge', async (_name, authorization, challenge) => {
    const answer = await userinfo(authorization);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(challenge);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('does not know a token whose grant has ended', async () => {
    const pair = await linked(broker, ALEXA);
    await revoke(broker, ALEXA, pair.refresh);
    expect((await userinfo(`Bearer ${pair.access}`)).status).toBe(401);
  });
});

describe("a skill that passes the upstream's tokens through", () => {
  test('hands them to Alexa with their true rest of life, and knows them again', async () => {
    const { code } = await link(broker, throughUrl());
    const first = await redeem(broker, THROUGH, code);
    expect(first.status).toBe(200);
    expect((await upstreamUserinfo(accessToken(first))).status).toBe(200);
    expect(first.body['refresh_token']).toHaveLength(72);
    expect(first.body['expires_in']).toBeGreaterThan(3_500);
    expect(first.body['expires_in']).toBeLessThanOrEqual(3_600);
    broker.clock.advance({ seconds: 1_000 });
    const again = await refresh(broker, THROUGH, String(first.body['refresh_token']));
    expect(accessToken(again)).toBe(accessToken(first));
    expect(again.body['expires_in']).toBeLessThanOrEqual(2_600);
    const introspection = await post(broker, '/oauth/introspect', {
      token: accessToken(first),
      client_id: THROUGH_BACKEND.clientId,
      client_secret: THROUGH_BACKEND.clientSecret,
    });
    expect(introspection.body).toMatchObject({ active: true, client_id: THROUGH.clientId, token_type: 'Bearer' });
    expect(accessToken(await exchange(broker, THROUGH_BACKEND, accessToken(first)))).toBe(accessToken(first));
    expect(await (await userinfo(`Bearer ${accessToken(first)}`)).json()).toEqual({ sub: introspection.body['sub'] });
    expect(await exchange(broker, RIVAL_BACKEND, accessToken(first))).toMatchObject({ status: 400 });
  });

  test('renews them in time, and ends them by revocation', async () => {
    const { code } = await link(broker, throughUrl());
    const first = await redeem(broker, THROUGH, code);
    broker.clock.advance({ seconds: 3_300 });
    const renewed = await refresh(broker, THROUGH, String(first.body['refresh_token']));
    expect(accessToken(renewed)).not.toBe(accessToken(first));
    expect(renewed.body['expires_in']).toBeGreaterThanOrEqual(360);
    await revoke(broker, THROUGH, accessToken(renewed));
    expect(await exchange(broker, THROUGH_BACKEND, accessToken(renewed))).toMatchObject({ status: 400 });
    expect((await refresh(broker, THROUGH, String(first.body['refresh_token']))).status).toBe(200);
  });

  test('is not shown to another skill', async () => {
    const { code } = await link(broker, throughUrl());
    const token = accessToken(await redeem(broker, THROUGH, code));
    const foreign = await post(broker, '/oauth/introspect', {
      token,
      client_id: RIVAL_SKILL.clientId,
      client_secret: RIVAL_SKILL.clientSecret,
    });
    expect(foreign.body).toEqual({ active: false });
  });
});

test('no token of anybody is in the log', async () => {
  const { access } = await linked(broker, ALEXA);
  const upstreamToken = accessToken(await exchange(broker, BACKEND, access));
  expect(broker.log()).not.toContain(upstreamToken);
  expect(broker.log()).not.toContain(access);
});
