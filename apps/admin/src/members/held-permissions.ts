import { ROLE_PERMISSIONS, type Permission, type Role, type TenantId } from '@linkbroker/contracts';
import { forbidden, notAuthenticated } from '../http/problem.js';
import type { Caller } from '../sign-in/caller.js';
import type { SignInNeeds } from '../sign-in/sign-in-needs.js';

/** What somebody may do in a tenant; operators may do everything. */
export type Held = readonly Permission[] | 'all';

/** What the caller of a tenant's route holds there. @throws ApiProblem */
export async function heldPermissions(
  { members }: Pick<SignInNeeds, 'members'>,
  { principal }: Caller,
  tenantId: TenantId,
): Promise<Held> {
  if (!principal) throw notAuthenticated('Sign in first.');
  if (principal.kind === 'operator-key') return 'all';
  if (principal.kind === 'api-key') return principal.tenantId === tenantId ? principal.permissions : [];
  if (principal.operator && principal.secondFactorAt) return 'all';
  const role = await members.roleOf(tenantId, principal.accountId);
  return role ? ROLE_PERMISSIONS[role] : [];
}

/** Nobody gives what he has not. @throws ApiProblem 403 */
export function checkMayGive(held: Held, given: readonly Permission[]): void {
  const missing = held === 'all' ? undefined : given.find((permission) => !held.includes(permission));
  if (missing !== undefined) throw forbidden(`This would give the permission ${missing}, which you do not have.`);
}

/** @throws ApiProblem 403 */
export const checkMayGiveRole = (held: Held, role: Role): void => {
  checkMayGive(held, ROLE_PERMISSIONS[role]);
};
