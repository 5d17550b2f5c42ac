import type { AuditActor, AuditEntry } from '@linkbroker/persistence';
import { actorOf, auditEntry } from '../sign-in/audit-entry.js';
import type { Caller } from '../sign-in/caller.js';

type Deed = Parameters<typeof auditEntry>[2];

/** What a caller does, as the audit log keeps it. */
export const auditOfCall = (caller: Caller, at: Date, deed: Deed): AuditEntry =>
  auditEntry({ now: () => at }, actorOfCall(caller), deed, caller.address);

/** Who a caller is. The guard has let nobody in without a name, on routes that are not public. */
export function actorOfCall({ principal }: Caller): AuditActor {
  if (!principal) throw new Error('nobody has signed in');
  return actorOf(principal);
}
