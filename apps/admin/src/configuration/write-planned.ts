import type { MadeSecret, PlannedChange } from '@linkbroker/configuration';
import { ClientIdTaken, type TenantState } from '@linkbroker/persistence';
import { auditOfCall } from '../http/audit-of-call.js';
import { movedProblem } from '../http/check-unchanged.js';
import { conflict } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import type { AdminNeeds } from '../admin-needs.js';

/**
 * Makes planned changes with their line in the audit log, all or none, and only while nobody else has changed the tenant
 * since they were planned; with none there is nothing to write.
 * @throws ApiProblem 409 for a client id that somebody has, 412 where something was changed meanwhile
 */
export async function writePlanned(
  { configuration, now }: Pick<AdminNeeds, 'configuration' | 'now'>,
  caller: Caller,
  deed: { readonly action: string; readonly subject: string },
  plan: { readonly from: TenantState; readonly changes: readonly PlannedChange[] },
): Promise<{ changes: string[]; once: MadeSecret[] }> {
  const changes = plan.changes.map(({ line }) => line);
  const at = now();
  if (changes.length > 0) {
    const audit = auditOfCall(caller, at, { ...deed, diff: { changes } });
    const write = plan.changes.map(({ change }) => change);
    await configuration.write(tenantOfCall(caller), write, at, { audit, from: plan.from }).catch((error: unknown) => {
      if (error instanceof ClientIdTaken) throw conflict(`The client id ${error.clientId} is already in use.`);
      throw movedProblem(error);
    });
  }
  return { changes, once: plan.changes.flatMap(({ once }) => once ?? []) };
}
