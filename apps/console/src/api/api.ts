import type { SentSession } from '@linkbroker/contracts/api';
import { createCallApi, createReadTagged, type CallNeeds } from './call-api.js';

let csrf: string | null = null;

/** Remembers the token that the newest answer about the session brought. */
export function rememberCsrf(session: Pick<SentSession, 'csrf'>): void {
  csrf = session.csrf;
}

const NEEDS: CallNeeds = { fetch: (...request) => fetch(...request), csrf: () => csrf };

/** Calls the API as whoever is signed in: the browser adds the session's cookie by itself. */
export const callApi = createCallApi(NEEDS);

/** The same for something that is to be changed. */
export const readTagged = createReadTagged(NEEDS);
