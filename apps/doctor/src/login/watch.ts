import { namedHosts, type Seen, type Target } from '@linkbroker/doctor';
import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';

/**
 * Runs in every page before its own scripts. Dialogs are noted and answered as dismissed by the page itself: a real one
 * would hold up the page, and swallow a click that comes while it is open.
 */
const NOTES = `for (const [kind, answer] of [['alert', undefined], ['confirm', false], ['prompt', null]])
  window[kind] = () => { void window.noteForDoctor('dialog', kind); return answer; };
window.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective === 'form-action') void window.noteForDoctor('blocked', blockedURI);
});
if (window === window.top) window.addEventListener('load', () => {
  void window.noteForDoctor('width', document.documentElement.scrollWidth);
});`;

/** The address that the household was sent back to, and the status of the redirect where there was one. */
export interface Back {
  readonly url: string;
  readonly status?: number;
}

const hostOf = (address: string): string => (URL.canParse(address) && new URL(address).hostname) || 'another host';

/** A name of an error, not its message, which may quote what was typed. */
const errorName = ({ name }: Error): string => (/^[A-Z][A-Za-z]{0,40}$/.test(name) ? name : 'an error without a name');

/** What the browser did: the way back, which nobody opens, hosts that the target does not name, windows, errors. */
export class Watch {
  readonly otherHosts = new Set<string>();
  private readonly windows = new Set<string>();
  private readonly blocked = new Set<string>();
  private readonly insecure = new Set<string>();
  private readonly errors = new Set<string>();
  private width = 0;
  /** Settled when the browser is sent back. */
  readonly back: Promise<Back>;
  /** The same, as far as it has come to that. */
  arrived: Back | undefined;
  /** Settled when a policy held up a form: nothing more comes then. */
  readonly heldUp: Promise<void>;
  /** Settled with the status of the first page that says it went wrong. */
  readonly refused: Promise<number>;
  /** Requests so far. */
  requests = 0;
  private arrive: (back: Back) => void = () => undefined;
  private holdUp: () => void = () => undefined;
  private refuse: (status: number) => void = () => undefined;

  private readonly hosts: ReadonlySet<string>;

  constructor(private readonly target: Target) {
    this.hosts = namedHosts(target);
    this.back = new Promise((resolve) => {
      this.arrive = (back) => {
        this.arrived ??= back;
        resolve(back);
      };
    });
    this.heldUp = new Promise((resolve) => (this.holdUp = resolve));
    this.refused = new Promise((resolve) => (this.refuse = resolve));
  }

  /** Looks at everything that happens in a context from now on. */
  async attach(context: BrowserContext): Promise<void> {
    await context.route('**/*', async (route) => {
      const url = route.request().url();
      this.requests += 1;
      if (this.isOpen(url)) await route.continue();
      else await route.abort();
      this.note(url, route.request().isNavigationRequest());
    });
    await context.exposeBinding('noteForDoctor', (_source, kind: unknown, value: unknown) => this.hear(kind, value));
    await context.addInitScript(NOTES);
    context.on('page', (page) => this.attachPage(page, context.pages().length > 1));
    context.on('weberror', (error) => this.errors.add(errorName(error.error())));
    context.on('console', (message) => this.readConsole(message));
    context.on('request', (request) => {
      if (this.isBack(request.url())) this.note(request.url(), request.isNavigationRequest());
    });
    // Redirects are not routed again: they end at a name that leads nowhere. The header is taken as it was sent, because
    // a URL parser would normalise it.
    context.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.status() >= 400) this.refuse(response.status());
      const location = response.headers()['location'];
      if (location === undefined || !URL.canParse(location, response.url())) return;
      const url = URL.canParse(location) ? location : new URL(location, response.url()).href;
      this.note(url, response.request().isNavigationRequest(), response.status());
    });
  }

  /** What was noticed, with the cookies that the context holds now. */
  async seen(context: BrowserContext, screenshot: Uint8Array | undefined): Promise<Seen> {
    const cookies = await context.cookies();
    const octets = [...this.hosts].map((host) =>
      cookies
        .filter(({ domain }) => domain === host || (domain.startsWith('.') && `.${host}`.endsWith(domain)))
        .reduce((sum, { name, value }) => sum + Buffer.byteLength(`${name}=${value}; `), 0),
    );
    const sorted = (values: ReadonlySet<string>): readonly string[] => [...values].sort();
    return {
      otherHosts: sorted(this.otherHosts),
      windows: sorted(this.windows),
      blocked: sorted(this.blocked),
      insecure: sorted(this.insecure),
      errors: sorted(this.errors),
      cookieOctets: Math.max(0, ...octets),
      width: this.width,
      ...(screenshot === undefined ? {} : { screenshot }),
    };
  }

  private attachPage(page: Page, isSecond: boolean): void {
    if (isSecond) this.windows.add('a window was opened');
    page.on('dialog', (dialog) => {
      this.windows.add(`a dialog of the kind ${dialog.type()}`);
      void dialog.dismiss().catch(() => undefined);
    });
  }

  /** Pages can call this with anything. */
  private hear(kind: unknown, value: unknown): void {
    const text = String(value).slice(0, 2_000);
    if (kind === 'dialog') this.windows.add(`a dialog of the kind ${text.slice(0, 20)}`);
    if (kind === 'width') this.width = Math.max(this.width, Math.min(Number(text) || 0, 100_000));
    if (kind === 'blocked') this.block(text);
  }

  private block(address: string): void {
    this.blocked.add(hostOf(address));
    this.holdUp();
  }

  /**
   * Chromium says in words what it upgraded or refused; of these only the host is kept. What has arguments was said by a
   * script.
   */
  private readConsole(message: ConsoleMessage): void {
    if (message.type() === 'error' && message.args().length > 0) this.errors.add('console.error');
    const [, address] = /^Mixed Content: .*requested an insecure .*?'(http:[^']*)'/s.exec(message.text()) ?? [];
    if (address !== undefined) this.insecure.add(hostOf(address));
  }

  private note(url: string, navigation: boolean, status?: number): void {
    if (navigation && this.isBack(url)) this.arrive({ url, ...(status === undefined ? {} : { status }) });
    else if (!this.isOpen(url)) this.otherHosts.add(new URL(url).hostname);
  }

  private isOpen(url: string): boolean {
    return !this.isBack(url) && (!/^https?:/.test(url) || this.hosts.has(new URL(url).hostname));
  }

  /** The redirect URI, or another address of Alexa's, to which nobody should be sent. */
  private isBack(url: string): boolean {
    const { redirectUri } = this.target;
    if (url.startsWith(redirectUri)) return true;
    const { hostname } = new URL(url);
    return hostname === new URL(redirectUri).hostname && !this.hosts.has(hostname);
  }
}
