import { asTenantId } from '@linkbroker/contracts';
import { freshUpstreamTokens, type FreshTokensNeeds, type RefreshResult, type UpstreamTokenSet } from './index.js';

const tenantId = asTenantId('11111111-1111-4111-8111-111111111111');
const NOW = 1_000_000;
const FRESHNESS = { leadMs: 60_000, leastMs: 2_000 };

const set = (version: number, secondsLeft: number): UpstreamTokenSet => ({
  ...{ id: 'set', connectorId: 'c', version, state: 'active', scopes: [], hasRefreshToken: true, leased: true },
  ...{ accessExpiresAt: new Date(NOW + secondsLeft * 1_000), refreshExpiresAt: null, retryAt: null },
  storedAt: new Date(NOW - 3_600_000),
  sealed: Buffer.from(JSON.stringify({ accessToken: `a${String(version)}`, refreshToken: 'r', profile: {} })),
});

/** Refreshes that end as told, one after another, and a row that somebody else has moved on. */
function needs(results: RefreshResult[], row: UpstreamTokenSet) {
  const refreshed: number[] = [];
  const all: FreshTokensNeeds = {
    now: () => new Date(NOW),
    randomBytes: (size) => Buffer.alloc(size),
    trace: () => undefined,
    seal: (_, plain) => Promise.resolve(plain),
    open: (_, sealed) => Promise.resolve(sealed),
    noteUse: () => undefined,
    refreshUpstream: (_, { version }) => {
      refreshed.push(version);
      return Promise.resolve(results.shift() ?? { kind: 'busy' });
    },
    tokenSets: { find: () => Promise.resolve(row) },
  };
  return { all, refreshed };
}

const ask = (all: FreshTokensNeeds) =>
  freshUpstreamTokens(all, tenantId, set(1, -5), FRESHNESS, performance.now() + 1_000);

test('what another process has stored meanwhile is served', async () => {
  const { all, refreshed } = needs([{ kind: 'busy' }], set(2, 3_600));
  expect(await ask(all)).toMatchObject({ kind: 'fresh', secrets: { accessToken: 'a2' } });
  expect(refreshed).toEqual([1]);
});

test('and renewed when it has run out before it was stored', async () => {
  const fresh = { secrets: { accessToken: 'a3', refreshToken: 'r', profile: {} }, accessExpiresAt: null, scopes: [] };
  const { all, refreshed } = needs([{ kind: 'busy' }, { kind: 'fresh', ...fresh }], set(2, -1));
  expect(await ask(all)).toMatchObject({ kind: 'fresh', secrets: { accessToken: 'a3' } });
  expect(refreshed).toEqual([1, 2]);
});

test('a token that has run out is not served, however often somebody else was first', async () => {
  const { all } = needs([], { ...set(2, -1), leased: false });
  expect(await ask(all)).toEqual({ kind: 'unavailable' });
});
