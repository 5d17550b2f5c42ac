import { asTenantId } from '@linkbroker/contracts';
import { refreshClaimed, type LeasedSet, type RefreshUpstreamNeeds } from './index.js';

const claimed = {
  id: 'set',
  tenantId: asTenantId('11111111-1111-4111-8111-111111111111'),
  connectorId: 'connector',
  version: 1,
  scopes: [],
  accessExpiresAt: null,
  sealed: Buffer.from(JSON.stringify({ accessToken: 'a', refreshToken: 'r', profile: {} })),
  fence: 1,
  attemptId: 'attempt',
  failures: 0,
} as unknown as LeasedSet;

const connector = {
  id: 'connector',
  slug: 'home',
  provider: 'oauth2',
  issuer: null,
  parameters: {},
  clientId: 'c',
  clientSecret: 's',
  scopes: [],
  endpoints: { authorization: 'https://id.example/a', token: 'https://id.example/t', userinfo: 'https://id.example/u' },
};

/** Notes until when an answer would be waited for, and how the attempt ended. */
function needs(markSent: () => void) {
  const seen = { deadlines: [] as number[], outcomes: [] as string[] };
  const all = {
    now: () => new Date(0),
    randomBytes: (size: number) => Buffer.alloc(size),
    trace: () => undefined,
    countUpstreamRefresh: () => undefined,
    open: (_: unknown, sealed: Buffer) => Promise.resolve(sealed),
    connectors: { find: () => Promise.resolve(connector) },
    documents: {},
    egress: {
      send: ({ deadline }: { deadline: number }) => {
        seen.deadlines.push(deadline);
        return Promise.reject(new Error('no'));
      },
    },
    tokenSets: {
      markSent: () => {
        markSent();
        return Promise.resolve(true);
      },
      fail: (_: unknown, { outcome }: { outcome: string }) => {
        seen.outcomes.push(outcome);
        return Promise.resolve({ state: 'active', parked: null });
      },
    },
  } as unknown as RefreshUpstreamNeeds;
  return { all, seen };
}

const standStill = (ms: number): void => {
  const then = performance.now() + ms;
  performance.now = () => then;
};

afterEach(() => Reflect.deleteProperty(performance, 'now'));

test('an answer is waited for eight seconds', async () => {
  const { all, seen } = needs(() => undefined);
  const began = performance.now();
  await refreshClaimed(all, claimed, began);
  expect(seen.deadlines[0]! - began).toBeGreaterThan(7_900);
  expect(seen.deadlines[0]! - began).toBeLessThan(9_000);
});

test('a process that stood still after its journal entry sends nothing that its lease does not cover', async () => {
  const began = performance.now();
  const { all, seen } = needs(() => standStill(40_000));
  await refreshClaimed(all, claimed, began);
  // Egress writes nothing when the deadline has passed.
  expect(seen.deadlines[0]! - began).toBeLessThan(30_000);
});

test('what an answer brings lives from before it was asked for, however late the answer is read', async () => {
  const { all } = needs(() => undefined);
  let now = 0;
  const stored: (Date | null)[] = [];
  const body = JSON.stringify({ access_token: 'a2', refresh_token: 'r2', token_type: 'Bearer', expires_in: 10 });
  const changed = {
    ...all,
    now: () => new Date(now),
    seal: (_: unknown, plain: Buffer) => Promise.resolve(plain),
    egress: {
      send: () => {
        now += 7_000;
        return Promise.resolve({ status: 200, contentType: 'application/json', body });
      },
    },
    tokenSets: {
      ...all.tokenSets,
      finish: (_: unknown, { accessExpiresAt }: { accessExpiresAt: Date | null }) => {
        stored.push(accessExpiresAt);
        return Promise.resolve(true);
      },
    },
  } as unknown as RefreshUpstreamNeeds;
  const result = await refreshClaimed(changed, claimed, performance.now());
  expect(stored).toEqual([new Date(10_000)]);
  expect(result).toMatchObject({ kind: 'fresh', accessExpiresAt: new Date(10_000) });
});
