/**
 * The token behind the `#` of a one-time link. It is taken out of the address at once, so that it stands neither in the
 * history nor on a screenshot.
 */
export function takeToken(
  place: Pick<Location, 'hash' | 'pathname'>,
  history: Pick<History, 'replaceState'>,
): string | undefined {
  const token = new URLSearchParams(place.hash.slice(1)).get('token');
  if (!token) return undefined;
  history.replaceState(null, '', place.pathname);
  return token;
}
