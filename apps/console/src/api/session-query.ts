import { READ_SESSION, type SentSession } from '@linkbroker/contracts/api';
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { callApi, rememberCsrf } from './api.js';

export const SESSION_KEY = ['session'] as const;

/** Who is signed in, and how far. */
export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async ({ signal }) => {
    const session: SentSession = await callApi(READ_SESSION, {}, signal);
    rememberCsrf(session);
    return session;
  },
  staleTime: 60_000,
});

/** Takes over what an answer says of the session. Another person's data goes. */
export function adoptSession(client: QueryClient, session: SentSession): void {
  const before = client.getQueryData(sessionQuery.queryKey);
  rememberCsrf(session);
  if (before?.account?.id !== session.account?.id)
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
  client.setQueryData(sessionQuery.queryKey, session);
}
