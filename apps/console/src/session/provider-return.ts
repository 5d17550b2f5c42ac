/** Where a sign-in provider sends people back to. */
const PATH = '/sign-in/callback';

/**
 * What a sign-in provider sent back, when the page was opened with it. It holds a code: it is taken out of the address at
 * once, so that it stands neither in the history nor on a screenshot.
 */
export function takeProviderReturn(
  place: Pick<Location, 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
): string | undefined {
  // Read first: the place is the browser's own, and changes with the address.
  const query = place.search.slice(1);
  if (place.pathname !== PATH || query === '') return undefined;
  history.replaceState(null, '', PATH);
  return query;
}

let kept: string | undefined;

/** Takes it before anything else has read the address. */
export function keepProviderReturn(): void {
  kept = takeProviderReturn(location, history);
}

/** What this page was opened with, once: a code counts once. */
export function providerReturn(): string | undefined {
  const query = kept;
  kept = undefined;
  return query;
}
