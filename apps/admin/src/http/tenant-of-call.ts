import type { TenantId } from '@linkbroker/contracts';
import type { Caller } from '../sign-in/caller.js';

/** The tenant that the guard let the caller into. */
export function tenantOfCall({ tenantId }: Caller): TenantId {
  if (!tenantId) throw new Error('the route names no tenant');
  return tenantId;
}
