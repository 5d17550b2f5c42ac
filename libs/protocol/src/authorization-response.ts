import type { ResponseType } from './authorization-request.js';
import { encodePercent } from './percent-encoding.js';

/** Where an answer goes, and in which form: an {@link AuthorizationRequest} is one. */
export interface AnswerAddress {
  readonly redirectUri: string;
  readonly responseType: ResponseType;
  /** Byte string from `readState`, or null when the request had none. */
  readonly state: string | null;
  readonly fromApp?: boolean;
}

/**
 * The redirect back to the client, success or error: parameters appended to whatever the registered URI already has, in its
 * query for a code and in its fragment for a token; the state returned fully percent-encoded; at the end `source=app` where
 * an app of the skill's maker sent the request.
 * @see RFC 6749 §4.1.2, §4.2.2, R29, R57, R58, R119, R181
 */
export function buildAuthorizationResponse(
  { redirectUri, responseType, state, fromApp = false }: AnswerAddress,
  parameters: Readonly<Record<string, string>>,
): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  if (state !== null) pairs.push(`state=${encodePercent(state)}`);
  if (fromApp) pairs.push('source=app');
  return `${redirectUri}${separatorOf(redirectUri, responseType)}${pairs.join('&')}`;
}

const separatorOf = (redirectUri: string, responseType: ResponseType): '#' | '&' | '?' => {
  if (responseType === 'token') return '#';
  return redirectUri.includes('?') ? '&' : '?';
};
