import type { SentSession } from '@linkbroker/contracts/api';
import { createCallApi } from './call-api.js';

let csrf: string | null = null;

/** Remembers the token that the newest answer about the session brought. */
export function rememberCsrf(session: Pick<SentSession, 'csrf'>): void {
  csrf = session.csrf;
}

/** Calls the API as whoever is signed in: the browser adds the session's cookie by itself. */
export const callApi = createCallApi({ fetch: (...request) => fetch(...request), csrf: () => csrf });
