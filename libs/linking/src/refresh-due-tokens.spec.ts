import { asTenantId } from '@linkbroker/contracts';
import { eventually } from '@linkbroker/testing';
import { refreshDueTokens, type LeasedSet, type RefreshDueNeeds } from './index.js';

const tenantId = asTenantId('11111111-1111-4111-8111-111111111111');

const dueSet = (index: number, connectorId: string): LeasedSet => ({
  id: String(index),
  tenantId,
  connectorId,
  version: 1,
  state: 'active',
  scopes: [],
  hasRefreshToken: true,
  accessExpiresAt: null,
  refreshExpiresAt: null,
  storedAt: new Date(0),
  retryAt: null,
  leased: true,
  sealed: Buffer.alloc(0),
  fence: 1,
  attemptId: String(index),
  failures: 0,
});

/** Sets whose connector is not there end at once; those of a slow connector when it is let go. */
function worker(connectorIds: readonly string[], claimFails?: (claims: number) => boolean) {
  const due = connectorIds.map((connectorId, index) => dueSet(index, connectorId));
  const seen = { claims: [] as { limit: number; perConnector: number }[], underWay: 0, most: 0, ended: 0 };
  let letGo: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (letGo = resolve));
  const needs = {
    now: () => new Date(0),
    randomBytes: (size: number) => Buffer.alloc(size),
    trace: () => undefined,
    dueTokenSets: {
      claimDue: (_: Date, { limit, perConnector }: { limit: number; perConnector: number }) => {
        if (claimFails?.(seen.claims.length)) return Promise.reject(new Error('the database is away'));
        seen.claims.push({ limit, perConnector });
        const claimed = due.splice(0, limit);
        seen.underWay += claimed.length;
        seen.most = Math.max(seen.most, seen.underWay);
        return Promise.resolve(claimed);
      },
    },
    connectors: {
      find: async (_: unknown, connectorId: string) => {
        if (connectorId === 'slow') await slow;
        return undefined;
      },
    },
    tokenSets: {
      fail: () => {
        seen.underWay -= 1;
        seen.ended += 1;
        return Promise.resolve({ state: null, parked: null });
      },
    },
  } as unknown as RefreshDueNeeds;
  return { needs, seen, letGo: () => letGo() };
}

describe('refreshing what is due', () => {
  test('goes on with the others while a provider is slow, and ends when nothing is under way', async () => {
    const { needs, seen, letGo } = worker(Array.from({ length: 500 }, (_, index) => (index < 20 ? 'slow' : 'quick')));
    let over = false;
    const run = refreshDueTokens(needs).then(() => (over = true));
    await eventually('the quick ones to end', (saw) => saw(seen.ended) === 480);
    expect(over).toBe(false);
    letGo();
    await run;
    expect(seen).toMatchObject({ ended: 500, underWay: 0 });
  });

  test('never has more than 64 under way, claims no fewer than 16, and leaves half of a claim to other connectors', async () => {
    const { needs, seen } = worker(Array.from({ length: 1_000 }, () => 'quick'));
    await refreshDueTokens(needs);
    expect(seen.most).toBeLessThanOrEqual(64);
    for (const { limit, perConnector } of seen.claims) {
      expect(limit).toBeGreaterThanOrEqual(16);
      expect(perConnector).toBe(Math.ceil(limit / 2));
    }
  });

  test('waits for free places while too many are slow', async () => {
    const { needs, seen, letGo } = worker(Array.from({ length: 200 }, () => 'slow'));
    const run = refreshDueTokens(needs);
    await eventually('a claim', () => seen.claims.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toMatchObject({ claims: [{ limit: 64 }], underWay: 64 });
    letGo();
    await run;
    expect(seen.ended).toBe(200);
  });

  test('ends what is under way before it tells that it could not claim', async () => {
    const { needs, seen, letGo } = worker(
      Array.from({ length: 40 }, () => 'slow'),
      (claims) => claims === 1,
    );
    const run = refreshDueTokens(needs);
    let told = false;
    run.catch(() => (told = true));
    await eventually('forty to be under way', (saw) => saw(seen.underWay) === 40);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toBe(false);
    letGo();
    await expect(run).rejects.toThrow('the database is away');
    expect(seen.ended).toBe(40);
  });
});
