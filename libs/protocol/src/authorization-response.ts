import { encodePercent } from './percent-encoding.js';

/**
 * The redirect back to the client: query parameters appended to whatever the registered URI already has, the state
 * returned fully percent-encoded.
 * @param state byte string from {@link readState}, or null when the request had none
 * @see RFC 6749 §4.1.2, R29, R57, R58
 */
export function buildAuthorizationResponse(
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
  state: string | null,
): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  if (state !== null) pairs.push(`state=${encodePercent(state)}`);
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}
