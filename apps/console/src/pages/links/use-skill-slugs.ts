import { LIST_SKILLS } from '@linkbroker/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { callApi } from '../../api/api.js';
import { useTenant } from '../../session/use-access.js';

/** The short names of a tenant's skills, for filters; none where they cannot be had. */
export function useSkillSlugs(): string[] {
  const tenant = useTenant();
  const { data } = useQuery({
    queryKey: ['skills', tenant],
    queryFn: ({ signal }) => callApi(LIST_SKILLS, { params: { tenant } }, signal),
    staleTime: 60_000,
  });
  return data?.items.map(({ slug }) => slug) ?? [];
}
