import { PERMISSIONS, type Permission, type Role, type TenantId } from '@linkbroker/contracts';
import type { AdminSession, AdminSessionsStore } from '@linkbroker/ephemeral';
import type { AccountsStore, ApiKeysStore, MembersStore } from '@linkbroker/persistence';
import { createHash } from 'node:crypto';
import type { Principal } from './caller.js';
import { readSessionSecret } from './session-cookie.js';

export interface AccessNeeds {
  readonly now: () => Date;
  readonly sessions: Pick<AdminSessionsStore, 'find' | 'end'>;
  readonly accounts: Pick<AccountsStore, 'find'>;
  readonly apiKeys: Pick<ApiKeysStore, 'resolve'>;
  readonly members: Pick<MembersStore, 'roleOf'>;
}

const KEY = /^lbk_[A-Za-z0-9_-]{43}$/;

/** What an API key is known by. Its 256 random bits need no slow hash. */
export const hashOfKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/**
 * The person whose session a cookie names; undefined without one, after its end, and while a second factor is due.
 * @throws EphemeralUnavailable, DatabaseUnavailable: nobody is signed out because a store is away
 */
export async function resolveSession(needs: AccessNeeds, cookies: string): Promise<Principal | undefined> {
  const session = await findSession(needs, cookies);
  if (session?.stage !== 'signed-in') return undefined;
  const account = await needs.accounts.find(session.accountId);
  if (!account || account.disabledAt) return undefined;
  return {
    kind: 'person',
    accountId: account.id,
    label: account.displayName,
    // A tenant's own provider vouches for what its people do in that tenant, and for nothing above it.
    operator: account.operator && session.only === null,
    sessionId: session.id,
    csrf: session.csrf,
    signedInAt: session.createdAt,
    secondFactorAt: session.secondFactorAt,
    only: session.only,
  };
}

/** The session that a cookie names, whatever is still due in it. */
export async function findSession(
  { now, sessions }: Pick<AccessNeeds, 'now' | 'sessions'>,
  cookies: string | undefined,
): Promise<AdminSession | undefined> {
  const secret = readSessionSecret(cookies);
  return secret === undefined ? undefined : sessions.find(secret, now());
}

/** The API key that a bearer token is; undefined for one that was never given out, has run out or was revoked. */
export async function resolveApiKey(needs: AccessNeeds, bearer: string): Promise<Principal | undefined> {
  if (!KEY.test(bearer)) return undefined;
  const key = await needs.apiKeys.resolve(hashOfKey(bearer), needs.now());
  if (!key) return undefined;
  const known = PERMISSIONS.filter((permission): permission is Permission => key.permissions.includes(permission));
  return { kind: 'api-key', keyId: key.id, label: key.name, tenantId: key.tenantId, permissions: known };
}

/** What an account is in a tenant; undefined for somebody who is no member. */
export function roleOf(needs: AccessNeeds, tenantId: TenantId, accountId: string): Promise<Role | undefined> {
  return needs.members.roleOf(tenantId, accountId);
}

/** The three questions of whoever lets requests in. */
export interface Access {
  readonly resolveSession: (cookies: string) => Promise<Principal | undefined>;
  readonly resolveApiKey: (bearer: string) => Promise<Principal | undefined>;
  readonly roleOf: (tenantId: TenantId, accountId: string) => Promise<Role | undefined>;
}

export const openAccess = (needs: AccessNeeds): Access => ({
  resolveSession: (cookies) => resolveSession(needs, cookies),
  resolveApiKey: (bearer) => resolveApiKey(needs, bearer),
  roleOf: (tenantId, accountId) => roleOf(needs, tenantId, accountId),
});
