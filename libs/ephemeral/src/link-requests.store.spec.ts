import { asTenantId } from '@linkbroker/contracts';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { Redis } from 'ioredis';
import {
  connectRedis,
  EphemeralUnavailable,
  LinkRequestsStore,
  pingRedis,
  type LinkRequestOrigin,
  type UpstreamHop,
} from './index.js';

const origin: LinkRequestOrigin = {
  tenantId: asTenantId('11111111-1111-4111-8111-111111111111'),
  skillId: '22222222-2222-4222-8222-222222222222',
  request: {
    clientId: 'alexa-lights',
    responseType: 'code',
    redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
    scopes: ['lights'],
    state: '\u00ff+/=raw',
    codeChallenge: null,
  },
};
const hop = (stateHash: string): UpstreamHop => ({
  connectorId: '33333333-3333-4333-8333-333333333333',
  connectorSlug: 'home',
  stateHash,
  nonce: 'n',
  codeVerifier: 'v',
  consent: false,
});

let redis: Redis;
let store: LinkRequestsStore;
let id: string;
beforeAll(async () => {
  redis = await connectRedis(process.env['TEST_REDIS_URL'] ?? '');
  store = new LinkRequestsStore(redis);
});
afterAll(() => {
  redis.disconnect();
});
beforeEach(async () => {
  id = randomBytes(16).toString('base64url');
  await store.create(id, origin, 3_300);
});

describe('an attempt', () => {
  test('comes back as it was begun, and ends by itself', async () => {
    expect(await store.find(id)).toEqual({ ...origin, id, status: 'started', hop: null });
    expect(await redis.ttl(`linkbroker:link-request:{${id}}`)).toBeGreaterThan(3_290);
    await store.bind(id, 'browser', hop('s'));
    expect(await redis.ttl(`linkbroker:link-request:{${id}}`)).toBeGreaterThan(3_290);
    expect(await store.find('nobody')).toBeUndefined();
  });

  test('is bound to the first browser; pressing again replaces the hop', async () => {
    expect(await store.bind(id, 'browser', hop('first'))).toBe('bound');
    expect(await store.bind(id, 'other', hop('theirs'))).toBe('other-browser');
    expect(await store.bind(id, 'browser', hop('second'))).toBe('bound');
    expect((await store.find(id))?.hop?.stateHash).toBe('second');
    expect(await store.bind('nobody', 'browser', hop('x'))).toBe('missing');
  });

  test('of two browsers at once is bound to one', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.bind(id, `browser-${index}`, hop('s'))),
    );
    expect(outcomes.filter((outcome) => outcome === 'bound')).toHaveLength(1);
  });

  test('is claimed once, by its browser, with the state of the hop under way', async () => {
    await store.bind(id, 'browser', hop('state'));
    expect(await store.claim(id, 'browser', 'wrong')).toEqual({ outcome: 'wrong-state' });
    expect(await store.claim(id, 'other', 'state')).toEqual({ outcome: 'other-browser' });
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim(id, 'browser', 'state')));
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(19);
    expect(claims.find(({ outcome }) => outcome === 'claimed')).toMatchObject({
      linkRequest: { ...origin, id, hop: hop('state') },
    });
    expect(await store.claim('nobody', 'browser', 'state')).toEqual({ outcome: 'missing' });
  });

  test('that was not bound cannot be claimed', async () => {
    expect(await store.claim(id, '', '')).toEqual({ outcome: 'wrong-state' });
  });

  test('that failed upstream can be tried again; one that is over cannot', async () => {
    await store.bind(id, 'browser', hop('state'));
    await store.claim(id, 'browser', 'state');
    expect(await store.bind(id, 'browser', hop('again'))).toBe('finished');
    expect(await store.settle(id, 'started')).toBe(true);
    expect(await store.bind(id, 'browser', hop('again'))).toBe('bound');
    expect(await store.settle(id, 'issued')).toBe(true);
    expect(await store.settle(id, 'started')).toBe(false);
    expect(await store.settle(id, 'cancelled')).toBe(false);
    expect(await store.bind(id, 'browser', hop('more'))).toBe('finished');
  });
});

test('a Redis that does not answer is a failure to look', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  await expect(connectRedis(`redis://127.0.0.1:${port}`)).rejects.toThrow(EphemeralUnavailable);
  const away = await connectRedis(process.env['TEST_REDIS_URL'] ?? '');
  away.disconnect();
  await expect(new LinkRequestsStore(away).find(id)).rejects.toThrow(EphemeralUnavailable);
  expect(await pingRedis(away)).toBe(false);
  expect(await pingRedis(redis)).toBe(true);
});
