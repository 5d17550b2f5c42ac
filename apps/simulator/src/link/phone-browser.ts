import { send, type Answer, type OutgoingRequest } from '../http/send.js';
import { CookieJar } from './cookie-jar.js';
import { readForms, type Form, type SubmitButton } from './html-forms.js';

export interface Hop {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly answer: Answer;
  /** Absolute, when the answer is a redirect. */
  readonly location: string | undefined;
  /** Whether the redirect was followed; false when it leads to Alexa. */
  readonly followed: boolean;
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly answer: Answer;
  readonly forms: readonly Form[];
  /** The address at which the walk ended without fetching it: it belongs to Alexa. */
  readonly arrived: string | undefined;
}

export interface BrowserOptions {
  readonly now: () => number;
  /** Addresses that are looked at and not fetched. */
  readonly stopAt: (url: string) => boolean;
  readonly onHop: (hop: Hop) => void;
  readonly deadlineMs: number;
  /** The Alexa app's by default. */
  readonly userAgent?: string;
}

/** A web view as the Alexa app's (R34). */
const alexaWebView = 'AmazonWebView/Amazon Alexa/2.2.651540.0/iOS/18.3.1/iPhone';

const mostHops = 20;
const redirects = new Set([301, 302, 303, 307, 308]);

/** The redirects never end. */
export class TooManyRedirects extends Error {}

type Site = 'none' | 'same-origin' | 'same-site' | 'cross-site';
const distance: readonly Site[] = ['none', 'same-origin', 'same-site', 'cross-site'];

function siteOf(from: string, to: string): Site {
  const [a, b] = [new URL(from), new URL(to)];
  if (a.origin === b.origin) return 'same-origin';
  return a.hostname === b.hostname ? 'same-site' : 'cross-site';
}

interface Navigation {
  method: 'GET' | 'POST';
  url: string;
  body: string | undefined;
  readonly origin: string | undefined;
  /** The farthest apart that two addresses of the redirect chain were, as browsers report it. */
  site: Site;
}

/** Where a redirect leads, absolute; undefined when the answer is none. */
function readLocation({ status, headers }: Answer, url: string): string | undefined {
  return redirects.has(status) && headers.location ? new URL(headers.location, url).href : undefined;
}

/** A browser without a screen: cookies, forms, redirects, and the headers by which servers tell navigation from scripts. */
export class PhoneBrowser {
  private readonly jar: CookieJar;

  constructor(private readonly options: BrowserOptions) {
    this.jar = new CookieJar(options.now);
  }

  /** @throws NoAnswer, TooManyRedirects */
  open(url: string): Promise<Page> {
    return this.navigate({ method: 'GET', url, body: undefined, origin: undefined, site: 'none' });
  }

  /**
   * Sends a form as a tap on one of its buttons would.
   * @throws NoAnswer, TooManyRedirects
   */
  submit(page: Page, form: Form, button: SubmitButton | undefined, filled: ReadonlyMap<string, string>): Promise<Page> {
    const pairs = form.fields.map(({ name, value }): [string, string] => [name, filled.get(name) ?? value]);
    if (button?.name) pairs.push([button.name, button.value]);
    const body = new URLSearchParams(pairs.filter(([name]) => name !== '')).toString();
    const site = siteOf(page.url, form.action);
    if (form.method === 'GET') {
      const target = new URL(form.action);
      target.search = body;
      return this.navigate({ method: 'GET', url: target.href, body: undefined, origin: undefined, site });
    }
    // A page that forbids referrers also hides its origin from the forms it sends (Fetch, "serializing a request origin").
    const hidden = /(^|,)\s*no-referrer\s*$/i.test(String(page.answer.headers['referrer-policy'] ?? ''));
    const origin = hidden ? 'null' : new URL(page.url).origin;
    return this.navigate({ method: 'POST', url: form.action, body, origin, site });
  }

  private async navigate(navigation: Navigation): Promise<Page> {
    for (let hops = 0; hops < mostHops; hops += 1) {
      const answer = await send(this.buildRequest(navigation), this.options.deadlineMs);
      const { method, url } = navigation;
      this.jar.store(url, answer.headers['set-cookie'] ?? []);
      const location = readLocation(answer, url);
      const followed = location !== undefined && !this.options.stopAt(location);
      this.options.onHop({ method, url, answer, location, followed });
      if (!followed) return this.arrive(url, answer, location);
      this.follow(navigation, location, answer.status);
    }
    throw new TooManyRedirects(`more than ${mostHops} redirects`);
  }

  private arrive(url: string, answer: Answer, location: string | undefined): Page {
    const { status, body, headers } = answer;
    if (location === undefined) return { url, status, answer, forms: readForms(body, url), arrived: undefined };
    // As it was sent, because URL normalises; only a relative address has to be completed.
    const sent = headers.location ?? '';
    return { url, status, answer, forms: [], arrived: URL.canParse(sent) ? sent : location };
  }

  private follow(navigation: Navigation, location: string, status: number): void {
    if (navigation.site !== 'none') {
      const next = siteOf(navigation.url, location);
      navigation.site = distance.indexOf(next) > distance.indexOf(navigation.site) ? next : navigation.site;
    }
    navigation.url = location;
    if (status === 307 || status === 308) return;
    navigation.method = 'GET';
    navigation.body = undefined;
  }

  private buildRequest({ method, url, body, origin, site }: Navigation): OutgoingRequest {
    const cookie = this.jar.header(url);
    const headers = {
      'User-Agent': this.options.userAgent ?? alexaWebView,
      Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'Accept-Language': 'en-GB,en;q=0.9',
      ...(method === 'POST' && origin ? { Origin: origin } : {}),
      'Sec-Fetch-Dest': 'document',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Site': site,
      ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...(cookie ? { Cookie: cookie } : {}),
    };
    return body === undefined ? { method, url, headers } : { method, url, headers, body };
  }
}
