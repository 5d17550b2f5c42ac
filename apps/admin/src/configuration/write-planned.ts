import type { MadeSecret, PlannedChange } from '@linkbroker/configuration';
import { ClientIdTaken } from '@linkbroker/persistence';
import { auditOfCall } from '../http/audit-of-call.js';
import { conflict } from '../http/problem.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import type { AdminNeeds } from '../admin-needs.js';

/**
 * Makes planned changes with their line in the audit log, all or none; with none there is nothing to write.
 * @throws ApiProblem 409 for a client id that somebody has
 */
export async function writePlanned(
  { configuration, now }: Pick<AdminNeeds, 'configuration' | 'now'>,
  caller: Caller,
  deed: { readonly action: string; readonly subject: string },
  planned: readonly PlannedChange[],
): Promise<{ changes: string[]; once: MadeSecret[] }> {
  const changes = planned.map(({ line }) => line);
  const at = now();
  if (changes.length > 0) {
    const audit = auditOfCall(caller, at, { ...deed, diff: { changes } });
    const write = planned.map(({ change }) => change);
    await configuration.write(tenantOfCall(caller), write, at, audit).catch((error: unknown) => {
      if (error instanceof ClientIdTaken) throw conflict(`The client id ${error.clientId} is already in use.`);
      throw error;
    });
  }
  return { changes, once: planned.flatMap(({ once }) => once ?? []) };
}
