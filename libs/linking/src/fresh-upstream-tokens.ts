import type { Deadline, TenantId } from '@linkbroker/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ambient } from './needs.js';
import type { FreshTokens, RefreshResult, TokenSetState, UpstreamTokenSet } from './refresh-attempt.js';
import { openTokens, type VaultNeeds } from './upstream-secrets.js';

export interface FreshTokensNeeds extends Ambient, VaultNeeds {
  /** Notes that somebody needs the tokens of a set, so that they are kept fresh. */
  readonly noteUse: (setId: string, now: Date) => void;
  /** Refreshes a set; callers of this process who want the same set share one attempt. */
  readonly refreshUpstream: (tenantId: TenantId, set: UpstreamTokenSet) => Promise<RefreshResult>;
  readonly tokenSets: {
    find(tenantId: TenantId, setId: string, deadline: Deadline): Promise<UpstreamTokenSet | undefined>;
  };
}

export type UpstreamTokensResult =
  /** `atRisk`: it still lives, but the provider has refused to renew it. */
  | ({ readonly kind: 'fresh'; readonly atRisk?: boolean } & FreshTokens)
  /** The upstream sign-in does not work any more; `at_risk` as long as the evidence is thin. */
  | { readonly kind: 'dead'; readonly state: TokenSetState }
  | { readonly kind: 'unavailable' };

/** What the caller needs: how long the token must still live, and how long a sick upstream may keep it waiting for more. */
export interface Freshness {
  /** Milliseconds of life left from which on a refresh is tried. */
  readonly leadMs: number;
  /** Milliseconds of life below which a token does not serve at all. */
  readonly leastMs: number;
}

/** How long a caller with a token that still serves waits for a better one. */
const PATIENCE_MS = 150;
/** Kept back from a deadline for writing the answer. */
const MARGIN_MS = 200;
const POLL_MS = 100;
/** An access token is renewed in the last fifth of its life at the earliest. */
const LATEST_SHARE = 0.2;

/**
 * An access token of this set that still lives. One that does not need to be renewed is opened and returned; one about to
 * expire is renewed, and served as it is while the upstream is slow or sick; an expired one waits for the refresh, our own
 * or somebody else's, up to the deadline.
 * @see ADR 0011
 */
export async function freshUpstreamTokens(
  needs: FreshTokensNeeds,
  tenantId: TenantId,
  set: UpstreamTokenSet,
  freshness: Freshness,
  deadline: Deadline,
): Promise<UpstreamTokensResult> {
  if (set.state === 'dead' || set.state === 'revoked') return { kind: 'dead', state: set.state };
  needs.noteUse(set.id, needs.now());
  const now = needs.now().getTime();
  const left = set.accessExpiresAt === null ? Infinity : set.accessExpiresAt.getTime() - now;
  const serves = left > freshness.leastMs;
  if (left > leadOf(set, freshness)) return opened(needs, tenantId, set, deadline);
  if (set.retryAt !== null && set.retryAt.getTime() > now) {
    if (serves) return opened(needs, tenantId, set, deadline);
    return leftAlone(set);
  }
  const refreshing = refreshed(needs, tenantId, set, freshness, deadline);
  if (!serves) return within(refreshing, deadline - MARGIN_MS - performance.now(), { kind: 'unavailable' } as const);
  const outcome = await within(refreshing, PATIENCE_MS, { kind: 'unavailable' } as const).catch(() => undefined);
  return outcome?.kind === 'fresh' ? outcome : opened(needs, tenantId, set, deadline);
}

/** A short-lived token is renewed late, or every request would renew it. */
function leadOf(set: UpstreamTokenSet, { leadMs, leastMs }: Freshness): number {
  if (set.accessExpiresAt === null) return leadMs;
  const life = set.accessExpiresAt.getTime() - set.storedAt.getTime();
  return Math.max(leastMs, Math.min(leadMs, life * LATEST_SHARE));
}

async function opened(
  needs: FreshTokensNeeds,
  tenantId: TenantId,
  set: UpstreamTokenSet,
  deadline: Deadline,
): Promise<UpstreamTokensResult> {
  const secrets = await openTokens(needs, tenantId, set, deadline);
  const { accessExpiresAt, scopes } = set;
  return { kind: 'fresh', secrets, accessExpiresAt, scopes, atRisk: set.state === 'at_risk' };
}

async function refreshed(
  needs: FreshTokensNeeds,
  tenantId: TenantId,
  set: UpstreamTokenSet,
  freshness: Freshness,
  deadline: Deadline,
): Promise<UpstreamTokensResult> {
  const result = await needs.refreshUpstream(tenantId, set);
  if (result.kind === 'fresh' || result.kind === 'unavailable') return result;
  if (result.kind === 'refused') return { kind: 'dead', state: result.state };
  // Without anything to refresh with, an access token that has run out is the end of it.
  if (result.kind === 'unrefreshable') return { kind: 'dead', state: 'dead' };
  return othersResult(needs, tenantId, set, freshness, deadline);
}

/**
 * Another process holds the lease: its result is ours, if it serves. What was recovered from a second place may have run
 * out while it waited there.
 */
async function othersResult(
  needs: FreshTokensNeeds,
  tenantId: TenantId,
  set: UpstreamTokenSet,
  freshness: Freshness,
  deadline: Deadline,
): Promise<UpstreamTokensResult> {
  while (performance.now() < deadline - MARGIN_MS) {
    const current = await needs.tokenSets.find(tenantId, set.id, deadline - MARGIN_MS);
    if (!current) return { kind: 'unavailable' };
    if (current.state === 'dead' || current.state === 'revoked') return { kind: 'dead', state: current.state };
    if (current.version > set.version) return freshUpstreamTokens(needs, tenantId, current, freshness, deadline);
    if (!current.leased) return leftAlone(current);
    await pause(POLL_MS);
  }
  return { kind: 'unavailable' };
}

/** The attempt of somebody else has just failed. */
const leftAlone = ({ state }: UpstreamTokenSet): UpstreamTokensResult =>
  state === 'at_risk' ? { kind: 'dead', state } : { kind: 'unavailable' };

/** The promise's value, or the other one when it takes longer; it goes on in the background, and its error is told there. */
async function within<T>(promise: Promise<T>, ms: number, otherwise: T): Promise<T> {
  promise.catch(() => undefined);
  const timer = new AbortController();
  try {
    return await Promise.race([promise, pause(Math.max(0, ms), otherwise, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

/** Callers of one process who want the same set share one attempt. */
export function shareRefreshes(
  refresh: (tenantId: TenantId, set: UpstreamTokenSet) => Promise<RefreshResult>,
): FreshTokensNeeds['refreshUpstream'] {
  const running = new Map<string, Promise<RefreshResult>>();
  return (tenantId, set) => {
    const key = `${tenantId}|${set.id}|${String(set.version)}`;
    const known = running.get(key);
    if (known) return known;
    const attempt = refresh(tenantId, set).finally(() => running.delete(key));
    running.set(key, attempt);
    return attempt;
  };
}
