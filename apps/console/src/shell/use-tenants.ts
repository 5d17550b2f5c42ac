import { LIST_TENANTS } from '@linkbroker/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { callApi } from '../api/api.js';
import { useAccess } from '../session/use-access.js';

export interface KnownTenant {
  readonly slug: string;
  readonly name: string;
}

/** As many as the API gives at once; more are found on the page of tenants. */
const MOST = 200;

/** The tenants that somebody can go to: operators all, others their own. */
export function useTenants(): readonly KnownTenant[] {
  const { operator, session } = useAccess();
  const { data } = useQuery({
    queryKey: ['tenants', 'switcher'],
    queryFn: ({ signal }) => callApi(LIST_TENANTS, { query: { limit: MOST } }, signal),
    enabled: operator,
    staleTime: 60_000,
  });
  return operator ? (data?.items ?? session.tenants) : session.tenants;
}
