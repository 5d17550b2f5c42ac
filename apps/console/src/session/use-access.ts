import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { sessionQuery } from '../api/session-query.js';
import { accessOf, type Access } from './access-of.js';

/** The tenant in the page's address; empty beside a tenant's pages. */
export const useTenant = (): string => useParams({ strict: false }).tenant ?? '';

/** What whoever is signed in may do in a tenant: that of the page unless another is named. */
export function useAccess(tenant?: string): Access {
  const { data } = useSuspenseQuery(sessionQuery);
  const shown = useTenant();
  return accessOf(data, tenant ?? shown);
}
