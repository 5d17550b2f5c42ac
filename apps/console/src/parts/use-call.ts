import type { ApiRoute } from '@linkbroker/contracts/api';
import { useMutation, useQueryClient, type QueryKey, type UseMutationResult } from '@tanstack/react-query';
import { callApi } from '../api/api.js';
import type { CallAnswer, CallInput } from '../api/call-api.js';

interface Then<Route extends ApiRoute> {
  /** What is no longer as it was read. */
  readonly stale?: readonly QueryKey[];
  readonly done?: (answer: CallAnswer<Route>, input: CallInput<Route>) => void;
}

/** A call that changes something. What was read before it is read again, so the page shows what is. */
export function useCall<Route extends ApiRoute>(
  route: Route,
  { stale = [], done }: Then<Route> = {},
): UseMutationResult<CallAnswer<Route>, Error, CallInput<Route>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: CallInput<Route>) => callApi(route, input),
    onSuccess: async (answer, input) => {
      done?.(answer, input);
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}
