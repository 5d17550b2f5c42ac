import { ROLE_PERMISSIONS, type Permission, type Role, type SentSession } from '@linkbroker/contracts/api';

/** Who works with the page, and what they may do. The API decides; this only hides what it would refuse. */
export interface Access {
  readonly session: SentSession;
  readonly operator: boolean;
  /** Null where somebody is no member, as operators often are. */
  readonly role: Role | null;
  readonly may: (permission: Permission) => boolean;
}

/** What a session may do in a tenant. */
export function accessOf(session: SentSession, tenant: string | undefined): Access {
  const operator = session.account?.operator === true && session.secondFactorAt !== null;
  const role = session.tenants.find(({ slug }) => slug === tenant)?.role ?? null;
  const held = role ? ROLE_PERMISSIONS[role] : [];
  return { session, operator, role, may: (permission) => operator || held.includes(permission) };
}
