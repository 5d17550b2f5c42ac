import {
  LIST_CONNECTORS,
  PROVIDER_CATALOGUE,
  READ_INSTALLATION,
  type ApiRoute,
  type CatalogueEntry,
} from '@linkbroker/contracts/api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '../../api/api.js';
import type { CallAnswer } from '../../api/call-api.js';
import { useTenant } from '../../session/use-access.js';

type Answered<Route extends ApiRoute> = UseQueryResult<CallAnswer<Route>>;

/** What the catalogue says; it changes with the version only. */
export const useCatalogue = (): Answered<typeof PROVIDER_CATALOGUE> =>
  useQuery({
    queryKey: ['catalogue'],
    queryFn: ({ signal }) => callApi(PROVIDER_CATALOGUE, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useInstallation = (): Answered<typeof READ_INSTALLATION> =>
  useQuery({
    queryKey: ['installation'],
    queryFn: ({ signal }) => callApi(READ_INSTALLATION, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function useConnectors(): Answered<typeof LIST_CONNECTORS> {
  const tenant = useTenant();
  return useQuery({
    queryKey: ['connectors', tenant],
    queryFn: ({ signal }) => callApi(LIST_CONNECTORS, { params: { tenant } }, signal),
  });
}

/** A provider by its id. */
export const entryOf = (items: readonly CatalogueEntry[], id: string): CatalogueEntry | undefined =>
  items.find((one) => one.id === id);
