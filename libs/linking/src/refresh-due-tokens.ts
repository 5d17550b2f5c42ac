import type { Deadline, TenantId } from '@linkbroker/contracts';
import { LEASE_MS, type LeasedSet } from './refresh-attempt.js';
import { refreshClaimed, type RefreshUpstreamNeeds } from './refresh-upstream.js';

export interface RefreshDueNeeds extends RefreshUpstreamNeeds {
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
/** Sets claimed at once: as many as can be under way, so that no lease waits for its turn. */
const BATCH = 64;
/** Of those, at most this many of one connector: a storm of one leaves room for the others. */
const PER_CONNECTOR = 32;
/** One run ends after this, so that a shutdown does not wait for the last of a storm. */
const RUN_MS = 20_000;
const LOST_BATCH = 500;

/**
 * Refreshes what is due, batch after batch, until nothing is or the run has lasted long enough. Claims are from the
 * database, so it does not matter who runs this, how many do, or whether a queue was flushed.
 * @returns how many sets were refreshed
 * @see ADR 0011
 */
export async function refreshDueTokens(needs: RefreshDueNeeds): Promise<number> {
  const end = performance.now() + RUN_MS;
  let refreshed = 0;
  while (performance.now() < end) {
    const began = performance.now();
    const claim = { limit: BATCH, perConnector: PER_CONNECTOR, leaseMs: LEASE_MS };
    const claimed = await needs.dueTokenSets.claimDue(needs.now(), claim, began + STATEMENT_MS);
    if (claimed.length === 0) break;
    const results = await Promise.allSettled(claimed.map((set) => refreshClaimed(needs, set, began)));
    refreshed += results.filter((result) => result.status === 'fulfilled' && result.value.kind === 'fresh').length;
  }
  return refreshed;
}

/**
 * Ends attempts whose owner died. What was sent may have been spent: it is presented once more, as late as the access
 * token allows, and then its link is at risk.
 * @returns how many
 */
export async function endLostAttempts(needs: RefreshDueNeeds): Promise<number> {
  const lost = await needs.dueTokenSets.endLost(needs.now(), LOST_BATCH, performance.now() + STATEMENT_MS);
  for (const { tenantId, sent } of lost) {
    needs.trace({ name: 'upstream.attempt_lost', tenantId, detail: sent ? 'sent, outcome unknown' : 'never sent' });
  }
  return lost.length;
}
