interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
  readonly expiresAt: number;
}

type Attributes = ReadonlyMap<string, string>;

/** Browsers treat http on this machine as secure, so `Secure` and `__Host-` cookies work there. */
function isTrustworthy(url: URL): boolean {
  const local = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\./.test(url.hostname);
  return url.protocol === 'https:' || local || url.hostname.endsWith('.localhost');
}

function readAttributes(parts: readonly string[]): Attributes {
  return new Map(
    parts.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
}

function expiry(attributes: Attributes, now: number): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

/** `__Host-` promises: Secure, for this host alone, for the whole of it. Browsers drop the cookie otherwise. */
function keepsItsPromise(name: string, attributes: Attributes): boolean {
  if (name.startsWith('__Secure-')) return attributes.has('secure');
  if (!name.startsWith('__Host-')) return true;
  return attributes.has('secure') && attributes.get('path') === '/' && !attributes.has('domain');
}

/** @returns the cookie, or undefined when a browser would drop it */
function readCookie(url: URL, text: string, now: number): Cookie | undefined {
  const [pair = '', ...rest] = text.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  const attributes = readAttributes(rest);
  const secure = attributes.has('secure');
  if (!name || (secure && !isTrustworthy(url)) || !keepsItsPromise(name, attributes)) return undefined;
  const given = attributes.get('path');
  const path = given?.startsWith('/') ? given : url.pathname.replace(/\/[^/]*$/, '') || '/';
  return { name, value: pair.slice(equals + 1).trim(), path, secure, expiresAt: expiry(attributes, now) };
}

function pathMatches(cookiePath: string, path: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}

/** Cookies of one browser, per host as browsers keep them (the port makes no difference). */
export class CookieJar {
  private readonly hosts = new Map<string, Cookie[]>();

  constructor(private readonly now: () => number) {}

  store(address: string, setCookies: readonly string[]): void {
    const url = new URL(address);
    for (const text of setCookies) this.storeOne(url, text);
  }

  private storeOne(url: URL, text: string): void {
    const cookie = readCookie(url, text, this.now());
    if (!cookie) return;
    const others = (this.hosts.get(url.hostname) ?? []).filter(
      (known) => known.name !== cookie.name || known.path !== cookie.path,
    );
    this.hosts.set(url.hostname, cookie.expiresAt > this.now() ? [...others, cookie] : others);
  }

  /** @returns the Cookie header for this address, or undefined when there is none */
  header(address: string): string | undefined {
    const url = new URL(address);
    const matching = (this.hosts.get(url.hostname) ?? [])
      .filter((cookie) => cookie.expiresAt > this.now() && pathMatches(cookie.path, url.pathname))
      .filter((cookie) => !cookie.secure || isTrustworthy(url))
      .sort((a, b) => b.path.length - a.path.length);
    return matching.map(({ name, value }) => `${name}=${value}`).join('; ') || undefined;
  }
}
