import type { ApiRoute, SentSession } from '@linkbroker/contracts/api';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { callApi } from '../../api/api.js';
import type { CallAnswer, CallInput } from '../../api/call-api.js';
import { adoptSession } from '../../api/session-query.js';

type SessionRoute = ApiRoute & { readonly answer: { readonly _zod: { readonly output: SentSession } } };

/** A call that answers how far somebody is signed in now. */
export function useSessionCall<Route extends SessionRoute>(
  route: Route,
  done?: (session: SentSession) => void,
): UseMutationResult<CallAnswer<Route>, Error, CallInput<Route>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: CallInput<Route>) => callApi(route, input),
    onSuccess: (answer) => {
      const session = answer as SentSession;
      done?.(session);
      adoptSession(client, session);
    },
  });
}
