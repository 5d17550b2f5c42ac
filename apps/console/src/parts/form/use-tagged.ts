import type { ApiRoute } from '@linkbroker/contracts/api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { readTagged } from '../../api/api.js';
import type { CallAnswer, CallInput, Tagged } from '../../api/call-api.js';

/**
 * What a form is to change, with its entity tag. It is read when the form opens and not again: what somebody types stays on
 * the ground that they have seen.
 */
export const useTagged = <Route extends ApiRoute>(
  key: readonly string[],
  route: Route,
  input: CallInput<Route>,
): UseQueryResult<Tagged<CallAnswer<Route>>> =>
  useQuery({
    // Its own name: news of a change makes pages read again, and forms stay as they are.
    queryKey: ['to-change', ...key],
    queryFn: ({ signal }) => readTagged(route, input, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
