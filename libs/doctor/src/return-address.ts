/** What the address says to which a sign-in led. */
export type Returned =
  | {
      readonly kind: 'code';
      readonly code: string;
      readonly state: string | undefined;
      /** Whether the state holds a '+' that is not percent-encoded. */
      readonly rawPlus: boolean;
      /** Of the whole address. */
      readonly octets: number;
    }
  | { readonly kind: 'error'; readonly error: string; readonly state: string | undefined }
  | { readonly kind: 'wrong'; readonly says: string };

const wrong = (says: string): Returned => ({ kind: 'wrong', says });

/** Scheme, host and path: what stands behind may hold a code. */
export function bareAddress(address: string): string {
  if (!URL.canParse(address)) return 'an address that cannot be read';
  const { origin, pathname, protocol } = new URL(address);
  return origin === 'null' ? protocol : `${origin}${pathname.slice(0, 200)}`;
}

/** Decodes %XX and nothing else: a raw '+' stays one (R29). Undefined when it is no UTF-8. */
export function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Names and values of a query, as they were sent. */
export function readQuery(query: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const pair of query.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    found.set(name, [...(found.get(name) ?? []), at < 0 ? '' : pair.slice(at + 1)]);
  }
  return found;
}

/** An OAuth error code, or a word for one that does not look like it. */
export function shownError(error: unknown): string {
  return typeof error === 'string' && /^[a-z0-9_.-]{1,60}$/i.test(error) ? error : 'an error that cannot be shown';
}

/**
 * Reads the address that the household was sent back to, as it was sent and not as a URL parser would write it.
 * @see R57 R64 RFC 6749 §4.1.2
 */
export function readReturn(address: string, redirectUri: string): Returned {
  const separator = redirectUri.includes('?') ? '&' : '?';
  if (!address.startsWith(redirectUri)) return wrong(`the redirect goes to ${bareAddress(address)}`);
  const rest = address.slice(redirectUri.length);
  if (rest.startsWith('#')) return wrong("the answer stands after '#', where no server sees it");
  if (!rest.startsWith(separator)) {
    const says = rest === '' ? 'the redirect carries nothing' : `the answer begins with '${rest[0] ?? ''}'`;
    return wrong(`${says} instead of '${separator}'`);
  }
  return readParameters(rest.slice(1).split('#', 1)[0] ?? '', Buffer.byteLength(address));
}

function readParameters(query: string, octets: number): Returned {
  const parameters = readQuery(query);
  const one = (name: string): string | undefined => decode(parameters.get(name)?.[0] ?? '') || undefined;
  const repeated = ['code', 'state', 'error'].find((name) => (parameters.get(name)?.length ?? 0) > 1);
  if (repeated) return wrong(`${repeated} stands in the redirect more than once`);
  const [error, code, state] = [one('error'), one('code'), one('state')];
  if (error !== undefined) return { kind: 'error', error: shownError(error), state };
  if (code === undefined) return wrong('the redirect carries neither code nor error');
  return { kind: 'code', code, state, rawPlus: parameters.get('state')?.[0]?.includes('+') ?? false, octets };
}
