import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Ambient } from './needs.js';

export interface EndExpiredGrantsNeeds extends Ambient {
  readonly housekeeping: {
    listExpiredGrants(
      now: Date,
      limit: number,
      deadline: Deadline,
    ): Promise<readonly { readonly tenantId: TenantId; readonly grantId: string }[]>;
    endExpiredGrant(
      tenantId: TenantId,
      grantId: string,
      now: Date,
      deadline: Deadline,
    ): Promise<{ readonly skillId: string; readonly linkId: string } | undefined>;
  };
}

const BATCH = 500;
const STATEMENT_MS = 10_000;
const MAX_BATCHES = 100;

/**
 * Ends grants whose only token has expired, each in a transaction of its own: from then on the link counts as one that
 * nobody holds, for events and for its sign-in upstream. Until then nothing is revoked upstream that might be needed. Safe to
 * repeat and to interrupt.
 * @returns how many were ended
 * @see ADR 0012, ADR 0021
 */
export async function endExpiredGrants(needs: EndExpiredGrantsNeeds): Promise<number> {
  let ended = 0;
  for (let turn = 0; turn < MAX_BATCHES; turn += 1) {
    const expired = await needs.housekeeping.listExpiredGrants(needs.now(), BATCH, performance.now() + STATEMENT_MS);
    for (const { tenantId, grantId } of expired) {
      const deadline = performance.now() + STATEMENT_MS;
      const found = await needs.housekeeping.endExpiredGrant(tenantId, grantId, needs.now(), deadline);
      if (!found) continue;
      needs.trace({ name: 'grant.expired', tenantId, grantId, ...found });
      ended += 1;
    }
    if (expired.length < BATCH) break;
  }
  return ended;
}
