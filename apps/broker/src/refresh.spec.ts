import { buildRefreshToken, readRefreshToken } from '@linkbroker/protocol';
import { authorizeUrl, introspect, linked, refresh, revoke, type Answer } from '../test/alexa.js';
import { ALEXA, BACKEND, startTestBroker, type TestBroker } from '../test/test-broker.js';

const BOUNDED = { clientId: 'alexa-bounded', clientSecret: 'bounded-secret' };
const RIVAL = { clientId: 'alexa-rival', clientSecret: 'rival-secret' };

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
}, 60_000);
afterAll(() => broker.close());
// The provider behind the broker goes by the real clock: its id_tokens would be too old after a test that moved ours.
beforeEach(() => broker.clock.set(new Date()));

const token = (answer: Answer, name: 'access_token' | 'refresh_token'): string => String(answer.body[name]);
const boundedUrl = (): string => authorizeUrl(broker, { client_id: BOUNDED.clientId, scope: undefined });

describe('a refresh token', () => {
  test('survives lost answers, ten at once and old age', async () => {
    const first = (await linked(broker, ALEXA)).refresh;
    const second = token(await refresh(broker, ALEXA, first), 'refresh_token');
    expect(token(await refresh(broker, ALEXA, first), 'refresh_token')).toBe(second);
    const ten = await Promise.all(Array.from({ length: 10 }, () => refresh(broker, ALEXA, second)));
    expect(new Set(ten.map((answer) => token(answer, 'refresh_token'))).size).toBe(1);
    broker.clock.advance({ days: 400 });
    expect((await refresh(broker, ALEXA, first)).status).toBe(200);
  });

  test('leaves the previous access token alive until its own expiry', async () => {
    const pair = await linked(broker, ALEXA);
    await refresh(broker, ALEXA, pair.refresh);
    expect((await introspect(broker, BACKEND, pair.access)).body).toMatchObject({
      active: true,
      client_id: ALEXA.clientId,
      scope: 'lights',
      token_type: 'Bearer',
    });
    broker.clock.advance({ seconds: 3601 });
    expect((await introspect(broker, BACKEND, pair.access)).body).toEqual({ active: false });
  });

  test('too old for a bounded skill is refused alone', async () => {
    const first = (await linked(broker, BOUNDED, boundedUrl())).refresh;
    let newest = first;
    for (let count = 0; count < 3; count += 1) newest = token(await refresh(broker, BOUNDED, newest), 'refresh_token');
    expect((await refresh(broker, BOUNDED, first)).status).toBe(200);
    broker.clock.advance({ days: 31 });
    expect(await refresh(broker, BOUNDED, first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await introspect(broker, BOUNDED, first)).body).toEqual({ active: false });
    expect((await refresh(broker, BOUNDED, newest)).status).toBe(200);
    expect(broker.log()).toContain('grant.too_old');
  });

  test('of a row that was set back by a restore answers 200 and raises the incident', async () => {
    const first = (await linked(broker, ALEXA)).refresh;
    let newest = first;
    for (let count = 0; count < 4; count += 1) newest = token(await refresh(broker, ALEXA, newest), 'refresh_token');
    const { grantId } = claimsOf(newest);
    await broker.database.sql('UPDATE linkbroker.grants SET generation = 2 WHERE id = $1', [grantId]);
    const recovered = await refresh(broker, ALEXA, newest);
    expect(recovered.status).toBe(200);
    expect(claimsOf(token(recovered, 'refresh_token')).generation).toBe(6);
    expect(broker.log()).toContain('incident.grant_behind');
  });

  test('whose key is unknown, or whose row is gone, is 503 and an incident', async () => {
    const newest = (await linked(broker, ALEXA)).refresh;
    const bytes = Buffer.from(newest, 'base64url');
    bytes[1] = 200;
    const lost = { ...claimsOf(newest), grantId: '00000000-0000-7000-8000-000000000000' };
    for (const presented of [bytes.toString('base64url'), buildRefreshToken(lost, skillId, keys())]) {
      const answer = await refresh(broker, ALEXA, presented);
      expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await introspect(broker, ALEXA, presented)).status).toBe(503);
      expect((await revoke(broker, ALEXA, presented)).status).toBe(503);
    }
    expect(broker.log()).toContain('incident.unknown_mac_key');
    expect(broker.log()).toContain('incident.grant_missing');
  });

  test('of another client is invalid_grant and says nothing', async () => {
    const { refresh: token } = await linked(broker, ALEXA);
    for (const client of [RIVAL, BOUNDED]) {
      expect(await refresh(broker, client, token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect((await introspect(broker, client, token)).body).toEqual({ active: false });
      expect((await revoke(broker, client, token)).status).toBe(200);
    }
    expect((await refresh(broker, ALEXA, token)).status).toBe(200);
  });

  let skillId = '';
  const keys = () => broker.broker.needs.keys.lookup;
  beforeAll(async () => {
    const [row] = await broker.database.sql<{ id: string }>(`SELECT id FROM linkbroker.skills WHERE slug = 'lights'`);
    skillId = row!.id;
  });
  function claimsOf(presented: string) {
    const reading = readRefreshToken(presented, skillId, keys());
    if (reading.kind !== 'valid') throw new Error(reading.kind);
    return reading.claims;
  }
});

describe('revocation', () => {
  test('of a refresh token ends the grant everywhere', async () => {
    const pair = await linked(broker, ALEXA);
    expect((await revoke(broker, BACKEND, pair.refresh)).status).toBe(200);
    expect(await refresh(broker, ALEXA, pair.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    for (const one of [pair.access, pair.refresh])
      expect((await introspect(broker, ALEXA, one)).body).toEqual({ active: false });
  });

  test('of an access token ends those issued before it, never the grant', async () => {
    const pair = await linked(broker, ALEXA);
    broker.clock.advance({ seconds: 1 });
    const newer = await refresh(broker, ALEXA, pair.refresh);
    broker.clock.advance({ seconds: 1 });
    const newest = await refresh(broker, ALEXA, token(newer, 'refresh_token'));
    expect((await revoke(broker, ALEXA, token(newer, 'access_token'))).status).toBe(200);
    const states = [pair.access, token(newer, 'access_token'), token(newest, 'access_token')].map(
      async (one) => (await introspect(broker, BACKEND, one)).body['active'],
    );
    expect(await Promise.all(states)).toEqual([false, false, true]);
    expect((await refresh(broker, ALEXA, pair.refresh)).status).toBe(200);
  });

  test('of nonsense is 200', async () => {
    expect((await revoke(broker, ALEXA, 'nonsense')).status).toBe(200);
    expect((await introspect(broker, ALEXA, 'nonsense')).body).toEqual({ active: false });
  });
});

test('no code, token, secret or state ever reached the log', () => {
  const log = broker.log();
  expect(log.length).toBeGreaterThan(5_000);
  expect(log).not.toMatch(/[A-Za-z0-9_-]{70}/);
  for (const secret of [ALEXA.clientSecret, BACKEND.clientSecret, 'upstream-secret', 'Amas+/state']) {
    expect(log).not.toContain(secret);
  }
});
