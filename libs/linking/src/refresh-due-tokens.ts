import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import { Places } from './places.js';
import { LEASE_MS, type LeasedSet, type UpstreamTokenSet } from './refresh-attempt.js';
import { refreshClaimed, type RefreshUpstreamNeeds } from './refresh-upstream.js';

export interface RefreshDueNeeds extends RefreshUpstreamNeeds {
  readonly tokenSets: RefreshUpstreamNeeds['tokenSets'] & {
    find(tenantId: TenantId, setId: string, deadline: Deadline): Promise<UpstreamTokenSet | undefined>;
  };
  readonly dueTokenSets: {
    claimDue(
      now: Date,
      claim: { limit: number; perConnector: number; leaseMs: number },
      deadline: Deadline,
    ): Promise<readonly LeasedSet[]>;
    endLost(
      now: Date,
      limit: number,
      deadline: Deadline,
    ): Promise<readonly { readonly tenantId: TenantId; readonly setId: string; readonly sent: boolean }[]>;
  };
}

const STATEMENT_MS = 5_000;
/** Sets under way at once; no more are claimed, so that no lease waits long for its turn. */
const AT_ONCE = 64;
/** Claimed together at the least: a claim of few costs nearly as much as one of many. */
const LEAST_CLAIM = 16;
/** At most this share of a claim is of one connector: a storm of one leaves room for the others. */
const CONNECTOR_SHARE = 0.5;
/** A run ends before the fourth look after its own is due, so that a shutdown does not wait for the last of a storm. */
const RUN_MS = 19_000;
const LOST_BATCH = 500;

/**
 * Refreshes what is due until nothing is or the run has lasted long enough. Places that become free are claimed for again
 * while the others are under way, so that a slow provider holds up its own sets and not the next claim. Claims are from
 * the database, so it does not matter who runs this, how many do, or whether a queue was flushed.
 * @returns how many sets were refreshed, once none is under way any more
 * @throws DatabaseUnavailable when it could not claim
 * @see ADR 0011
 */
export async function refreshDueTokens(needs: RefreshDueNeeds): Promise<number> {
  const end = performance.now() + RUN_MS;
  const places = new Places(AT_ONCE);
  let refreshed = 0;
  const refresh = async (set: LeasedSet, began: number): Promise<void> => {
    const { kind } = await refreshClaimed(needs, set, began);
    if (kind === 'fresh') refreshed += 1;
  };
  try {
    while (performance.now() < end) {
      const began = performance.now();
      const claimed = await needs.dueTokenSets.claimDue(needs.now(), claimFor(places.free), began + STATEMENT_MS);
      if (claimed.length === 0) break;
      for (const set of claimed) places.take(refresh(set, began));
      await places.until(LEAST_CLAIM);
    }
  } finally {
    await places.until(AT_ONCE);
  }
  return refreshed;
}

const claimFor = (limit: number) => ({ limit, perConnector: Math.ceil(limit * CONNECTOR_SHARE), leaseMs: LEASE_MS });

/**
 * Ends attempts whose owner died. What was sent may have been spent: it is presented once more, as late as the access
 * token allows, and then its link is at risk.
 * @returns how many
 */
export async function endLostAttempts(needs: RefreshDueNeeds): Promise<number> {
  const lost = await needs.dueTokenSets.endLost(needs.now(), LOST_BATCH, performance.now() + STATEMENT_MS);
  for (const { tenantId, setId, sent } of lost) {
    const connector = await connectorOf(needs, tenantId, setId);
    needs.countUpstreamRefresh(connector, sent ? 'unknown' : 'not_sent');
    const detail = sent ? 'sent, outcome unknown' : 'never sent';
    needs.trace({ name: 'upstream.attempt_lost', tenantId, tokenSetId: setId, detail });
  }
  return lost.length;
}

/** For the count alone: what cannot be looked up is counted without a name. */
async function connectorOf(needs: RefreshDueNeeds, tenantId: TenantId, setId: string): Promise<Connector | undefined> {
  const deadline = performance.now() + STATEMENT_MS;
  try {
    const set = await needs.tokenSets.find(tenantId, setId, deadline);
    return set && (await needs.connectors.find(tenantId, set.connectorId, deadline));
  } catch {
    return undefined;
  }
}
