import { buildAuthorizationResponse, supportReference } from '@linkbroker/protocol';
import type { ClaimedAttempt } from './claim-callback.js';
import type { Ambient } from './needs.js';
import type { RepairTarget } from './repair-link.js';

export interface FinishRepairNeeds extends Ambient {
  readonly linkRequests: { settle(id: string, status: 'issued' | 'started'): Promise<boolean> };
}

const where = (attempt: ClaimedAttempt, { linkId }: RepairTarget) => ({
  reference: supportReference(attempt.id),
  tenantId: attempt.tenantId,
  skillId: attempt.skillId,
  linkId,
  connector: attempt.hop.connectorSlug,
});

/**
 * Whether the account that signed in is the one that was linked. Another one leaves the attempt open for a second try,
 * and nothing of it may be stored.
 */
export async function checkRepairSubject(
  needs: FinishRepairNeeds,
  attempt: ClaimedAttempt,
  repair: RepairTarget,
  subject: string,
): Promise<boolean> {
  if (repair.subject === subject) return true;
  needs.trace({ name: 'repair.other_account', ...where(attempt, repair) });
  await needs.linkRequests.settle(attempt.id, 'started').catch(() => false);
  return false;
}

/** Ends a repair whose tokens are stored. @returns where the browser goes */
export async function finishRepair(
  needs: FinishRepairNeeds,
  attempt: ClaimedAttempt,
  repair: RepairTarget,
): Promise<string> {
  needs.trace({ name: 'repair.finished', ...where(attempt, repair) });
  await needs.linkRequests.settle(attempt.id, 'issued').catch(() => false);
  return buildAuthorizationResponse(attempt.request, {});
}
