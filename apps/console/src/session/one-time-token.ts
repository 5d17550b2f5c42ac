import { takeToken } from './take-token.js';

let token: string | undefined;

/** Takes the token of a one-time link out of the address, before anything else has read the address. */
export function keepOneTimeToken(): void {
  token = takeToken(location, history);
}

/** The token of the link that this page was opened with. */
export const oneTimeToken = (): string | undefined => token;
