import { NotTested } from './check.js';
import type { HttpAnswer } from './probes.js';
import type { Session } from './session.js';
import { namedHosts } from './target.js';

/** Where opening an address ended. */
export interface Opened {
  readonly answer: HttpAnswer;
  /** Every address that a redirect named, as it was sent, or completed where it is relative. */
  readonly locations: readonly string[];
}

const MOST_HOPS = 5;

/** A web view as the Alexa app's (R34). */
const HEADERS = {
  'User-Agent': 'AmazonWebView/Amazon Alexa/2.2.651540.0/iOS/18.3.1/iPhone',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language': 'en-GB,en;q=0.9',
} as const;

/** Cookies for the length of one walk: by host name alone, for nothing here lives long enough to expire. */
class Cookies {
  private readonly hosts = new Map<string, Map<string, string>>();

  store(url: string, setCookies: readonly string[]): void {
    const { hostname } = new URL(url);
    const own = this.hosts.get(hostname) ?? new Map<string, string>();
    this.hosts.set(hostname, own);
    for (const cookie of setCookies) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) own.set(name.trim(), value.trim());
    }
  }

  header(url: string): Readonly<Record<string, string>> {
    const own = [...(this.hosts.get(new URL(url).hostname) ?? [])].filter(([, value]) => value !== '');
    return own.length === 0 ? {} : { Cookie: own.map((pair) => pair.join('=')).join('; ') };
  }
}

/**
 * Opens an address as a browser that was never there, and follows redirects as long as they stay on hosts of the target.
 * @throws NoAnswer, NotTested
 */
export async function open(session: Session, address: string): Promise<Opened> {
  const hosts = namedHosts(session.target);
  const cookies = new Cookies();
  const locations: string[] = [];
  let url = address;
  for (let hop = 0; hop < MOST_HOPS; hop += 1) {
    const answer = await session.send({ method: 'GET', url, headers: { ...HEADERS, ...cookies.header(url) } });
    cookies.store(url, answer.setCookies);
    const given = answer.headers['location'];
    if (answer.status < 300 || answer.status > 399 || given === undefined) return { answer, locations };
    if (!URL.canParse(given, url)) return { answer, locations: [...locations, given] };
    const next = URL.canParse(given) ? given : new URL(given, url).href;
    locations.push(next);
    const leaves = !/^https?:/.test(next) || next.startsWith(session.target.redirectUri);
    if (leaves || !hosts.has(new URL(next).hostname)) return { answer, locations };
    url = next;
  }
  throw new NotTested(`more than ${MOST_HOPS} redirects`);
}
