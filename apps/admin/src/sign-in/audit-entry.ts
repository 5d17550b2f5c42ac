import type { AuditActor, AuditEntry } from '@linkbroker/persistence';
import { addressPrefix } from './address-prefix.js';
import type { Principal } from './caller.js';

/** Who did something, as the audit log names them. */
export function actorOf(principal: Principal): AuditActor {
  switch (principal.kind) {
    case 'operator-key':
      return { kind: 'operator-key', id: null, label: 'operator key' };
    case 'person':
      return { kind: 'person', id: principal.accountId, label: principal.label };
    case 'api-key':
      return { kind: 'api-key', id: principal.keyId, label: principal.label };
  }
}

/** Somebody of whom the account is known, before there is a principal. */
export const personActor = (account: { readonly id: string; readonly displayName: string }): AuditActor => ({
  kind: 'person',
  id: account.id,
  label: account.displayName,
});

/** One thing that was done, now. */
export function auditEntry(
  { now }: { readonly now: () => Date },
  actor: AuditActor,
  what: { readonly action: string; readonly subject: string; readonly diff?: Readonly<Record<string, unknown>> },
  address: string | null,
): AuditEntry {
  const { action, subject, diff = {} } = what;
  return { at: now(), actor, action, subject, diff, address: (address && addressPrefix(address)) ?? null };
}
