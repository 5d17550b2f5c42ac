import { noteSecret } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import {
  AdminSessionsStore,
  connectRedis,
  EphemeralUnavailable,
  PasskeyChallengesStore,
  ProviderHopsStore,
  SESSION_IDLE_MS,
  SESSION_MOST_MS,
  SignInAttemptsStore,
  type NewAdminSession,
} from './index.js';

const START = new Date('2026-11-22T12:00:00Z');
const after = (ms: number): Date => new Date(START.getTime() + ms);
let redis: Redis;
let away: Redis;
let store: AdminSessionsStore;
beforeAll(async () => {
  redis = await connectRedis(process.env['TEST_REDIS_URL'] ?? '');
  away = await connectRedis(process.env['TEST_REDIS_URL'] ?? '');
  away.disconnect();
  store = new AdminSessionsStore(redis);
});
afterAll(() => {
  redis.disconnect();
});

const newSecret = (): string => noteSecret('session secret', randomBytes(32).toString('base64url'));
const session = (more: Partial<NewAdminSession> = {}): NewAdminSession => ({
  ...{ accountId: randomUUID(), stage: 'signed-in', method: 'password', csrf: 'c', secondFactorAt: START, only: null },
  ...{ agent: 'Firefox on Linux', createdAt: START, ...more },
});

describe('a session', () => {
  test('comes back by its secret, and by nothing that Redis holds', async () => {
    const secret = newSecret();
    const begun = await store.begin(secret, session(), START);
    expect(await store.find(secret, START)).toEqual(begun);
    expect(await store.find(begun.id, START)).toBeUndefined();
    const keys = await redis.keys('linkbroker:admin-session*');
    expect(keys.join()).not.toContain(secret);
  });

  test('ends half an hour after its last use', async () => {
    const secret = newSecret();
    await store.begin(secret, session(), START);
    expect(await store.find(secret, after(SESSION_IDLE_MS - 1))).toBeDefined();
    expect(await store.find(secret, after(2 * SESSION_IDLE_MS - 2))).toBeDefined();
    expect(await store.find(secret, after(3 * SESSION_IDLE_MS))).toBeUndefined();
    expect(await store.find(secret, START)).toBeUndefined();
  });

  test('ends twelve hours after its beginning, however busy', async () => {
    const secret = newSecret();
    await store.begin(secret, session(), START);
    for (let at = 0; at < SESSION_MOST_MS; at += SESSION_IDLE_MS / 2)
      expect(await store.find(secret, after(at))).toBeDefined();
    expect(await store.find(secret, after(SESSION_MOST_MS))).toBeUndefined();
  });

  test('is kept by Redis no longer than that either', async () => {
    const secret = newSecret();
    const { id } = await store.begin(secret, session(), START);
    const ttl = () => redis.pttl(`linkbroker:admin-session:{${id}}`);
    expect(await ttl()).toBeLessThanOrEqual(SESSION_IDLE_MS);
    for (let at = 0; at < SESSION_MOST_MS - 60_000; at += SESSION_IDLE_MS / 2) await store.find(secret, after(at));
    await store.find(secret, after(SESSION_MOST_MS - 60_000));
    expect(await ttl()).toBeLessThanOrEqual(60_000);
    expect(await ttl()).toBeGreaterThan(0);
  });

  test('that ended is not brought back by a request that was under way', async () => {
    const secret = newSecret();
    const begun = await store.begin(secret, session(), START);
    const found = Promise.all(Array.from({ length: 10 }, () => store.find(secret, after(120_000))));
    await store.end(begun.accountId, begun.id);
    await found;
    expect(await redis.exists(`linkbroker:admin-session:{${begun.id}}`)).toBe(0);
  });
});

test("an account's sessions are listed and ended; those of others are not", async () => {
  const accountId = randomUUID();
  const [one, two, waiting, foreign] = [newSecret(), newSecret(), newSecret(), newSecret()];
  const first = await store.begin(one, session({ accountId }), START);
  const second = await store.begin(two, session({ accountId, createdAt: after(1) }), after(1));
  await store.begin(waiting, session({ accountId, stage: 'second-factor' }), after(1));
  const other = await store.begin(foreign, session(), START);
  expect((await store.list(accountId, after(1))).map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(await store.end(accountId, other.id)).toBe(false);
  expect(await store.find(foreign, START)).toBeDefined();
  await store.endOthers(accountId, first.id);
  expect(await store.find(two, START)).toBeUndefined();
  expect(await store.find(waiting, START)).toBeUndefined();
  expect(await store.end(accountId, first.id)).toBe(true);
  expect(await store.end(accountId, first.id)).toBe(false);
  expect(await store.list(accountId, START)).toEqual([]);
});

describe('attempts', () => {
  const attempts = () => new SignInAttemptsStore(redis);
  const limit = { most: 3, windowMs: 10_000 };

  test('are as many as the window lets in, also at once, and then wait for the oldest', async () => {
    const name = randomUUID();
    const taken = await Promise.all(Array.from({ length: 9 }, () => attempts().take(name, limit, START)));
    expect(taken.filter((attempt) => 'id' in attempt)).toHaveLength(3);
    expect(await attempts().take(name, limit, after(4_000))).toEqual({ waitMs: 6_000 });
    expect(await attempts().take(name, limit, after(10_000))).toHaveProperty('id');
  });

  test('slide', async () => {
    const name = randomUUID();
    for (const at of [0, 3_000, 6_000]) await attempts().take(name, limit, after(at));
    expect(await attempts().take(name, limit, after(9_999))).toEqual({ waitMs: 1 });
    expect(await attempts().take(name, limit, after(10_000))).toHaveProperty('id');
    expect(await attempts().take(name, limit, after(10_001))).toEqual({ waitMs: 2_999 });
  });

  test('that were right do not count', async () => {
    const name = randomUUID();
    for (let count = 0; count < 10; count += 1) {
      const attempt = await attempts().take(name, limit, START);
      await attempts().giveBack(name, (attempt as { id: string }).id);
    }
    expect(await attempts().take(name, limit, START)).toHaveProperty('id');
  });
});

test('a challenge can be answered once', async () => {
  const challenges = new PasskeyChallengesStore(redis);
  const challenge = randomBytes(32).toString('base64url');
  await challenges.keep(challenge, { purpose: 'register', accountId: 'a' });
  const taken = await Promise.all(Array.from({ length: 5 }, () => challenges.take(challenge)));
  expect(taken.filter(Boolean)).toEqual([{ purpose: 'register', accountId: 'a' }]);
  expect(await challenges.take('../x')).toBeUndefined();
});

test('a trip to a provider comes back once, by its own state', async () => {
  const hops = new ProviderHopsStore(redis);
  const state = noteSecret('state', randomBytes(32).toString('base64url'));
  const hop = { provider: 'p', nonce: 'n', codeVerifier: 'v', browserHash: 'b', invitation: null };
  await hops.keep(state, hop);
  expect((await redis.keys('linkbroker:provider-hop:*')).join()).not.toContain(state);
  expect(await hops.take(`${state}x`)).toBeUndefined();
  const taken = await Promise.all(Array.from({ length: 5 }, () => hops.take(state)));
  expect(taken.filter(Boolean)).toEqual([hop]);
});

test('a Redis that is away is a failure to look, never a session that ended', async () => {
  const secret = newSecret();
  await expect(new AdminSessionsStore(away).find(secret, START)).rejects.toThrow(EphemeralUnavailable);
  await expect(new AdminSessionsStore(away).begin(secret, session(), START)).rejects.toThrow(EphemeralUnavailable);
  await expect(new AdminSessionsStore(away).end('a', 'b')).rejects.toThrow(EphemeralUnavailable);
  await expect(new SignInAttemptsStore(away).take('x', { most: 1, windowMs: 1 }, START)).rejects.toThrow(
    EphemeralUnavailable,
  );
  await expect(new ProviderHopsStore(away).take('x')).rejects.toThrow(EphemeralUnavailable);
  await expect(new PasskeyChallengesStore(away).take('A'.repeat(20))).rejects.toThrow(EphemeralUnavailable);
});
