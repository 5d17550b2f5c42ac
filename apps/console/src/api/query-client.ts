import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './api-failure.js';
import { SESSION_KEY } from './session-query.js';

/** How often what may pass is tried again before it is said. */
const TRIES = 2;
const MOST_WAIT_MS = 10_000;
const FRESH_MS = 10_000;

/**
 * Reads are tried again where that may help. A session that has ended is noticed by the first call that says so: the
 * page then asks who is signed in, and leads to the sign-in.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof ApiFailure && error.status === 401) void client.invalidateQueries({ queryKey: SESSION_KEY });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) =>
          failures < TRIES && error instanceof ApiFailure && error.passes && error.status !== 429,
        retryDelay: (failures, error) =>
          Math.min(
            error instanceof ApiFailure && error.retryAfter ? error.retryAfter * 1_000 : 500 * 2 ** failures,
            MOST_WAIT_MS,
          ),
        // Without a connection calls fail at once and say so; they do not wait for one.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
