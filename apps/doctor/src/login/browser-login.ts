import { bareAddress, namedHosts, type LoginStep, type SignedIn, type Target } from '@linkbroker/doctor';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Milliseconds for a step, and for the way back after the last one. */
const STEP_MS = 15_000;
/** After so long without a single request the last click was swallowed, e.g. by a window that opened at that moment. */
const SWALLOWED_MS = 2_000;

/** A phone's screen, in CSS pixels. */
const PHONE = { width: 390, height: 844 };

/**
 * Dialogs are noted and answered as dismissed by the page itself: a real one would hold up the page, and swallow a click
 * that comes while it is open.
 */
const DIALOGS = `for (const [kind, answer] of [['alert', undefined], ['confirm', false], ['prompt', null]])
  window[kind] = () => { void window.noteDialog(kind); return answer; };`;

const describeStep = (step: LoginStep, index: number): string => `step ${index + 1} (${Object.keys(step)[0] ?? ''})`;

async function perform(page: Page, step: LoginStep): Promise<void> {
  // A window that the page has opened lies over it, and a page that lies below is hardly drawn.
  await page.bringToFront();
  if ('fill' in step) await page.fill(step.fill, step.value, { timeout: STEP_MS });
  else if ('click' in step) await page.click(step.click, { timeout: STEP_MS, noWaitAfter: true });
  else await page.waitForSelector(step.waitFor, { timeout: STEP_MS, state: 'attached' });
}

/** The address that the household was sent back to, and the status of the redirect where there was one. */
interface Back {
  readonly url: string;
  readonly status?: number;
}

/** What the browser did: the way back, which nobody opens, hosts that the target does not name, windows. */
class Watch {
  readonly otherHosts = new Set<string>();
  readonly windows = new Set<string>();
  readonly back: Promise<Back>;
  /** Requests so far. */
  requests = 0;
  private arrive: (back: Back) => void = () => undefined;

  private readonly hosts: ReadonlySet<string>;

  constructor(private readonly target: Target) {
    this.hosts = namedHosts(target);
    this.back = new Promise((resolve) => (this.arrive = resolve));
  }

  async attach(context: BrowserContext): Promise<void> {
    await context.route('**/*', async (route) => {
      const url = route.request().url();
      this.requests += 1;
      if (this.isOpen(url)) await route.continue();
      else await route.abort();
      this.note(url, route.request().isNavigationRequest());
    });
    await context.exposeBinding('noteDialog', (_source, kind: unknown) => {
      this.windows.add(`a dialog of the kind ${String(kind).slice(0, 20)}`);
    });
    await context.addInitScript(DIALOGS);
    context.on('page', (page) => {
      if (context.pages().length > 1) this.windows.add('a window was opened');
      page.on('dialog', (dialog) => {
        this.windows.add(`a dialog of the kind ${dialog.type()}`);
        void dialog.dismiss().catch(() => undefined);
      });
    });
    context.on('request', (request) => {
      if (this.isBack(request.url())) this.note(request.url(), request.isNavigationRequest());
    });
    // Redirects are not routed again: they end at a name that leads nowhere. The header is taken as it was sent, because
    // a URL parser would normalise it.
    context.on('response', (response) => {
      const location = response.headers()['location'];
      if (location === undefined || !URL.canParse(location, response.url())) return;
      const url = URL.canParse(location) ? location : new URL(location, response.url()).href;
      this.note(url, response.request().isNavigationRequest(), response.status());
    });
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

async function walk(page: Page, steps: readonly LoginStep[], authorizeUrl: string, watch: Watch): Promise<SignedIn> {
  let arrived: Back | undefined;
  let before = 0;
  void watch.back.then((back) => (arrived = back));
  await page.goto(authorizeUrl, { timeout: STEP_MS, waitUntil: 'load' }).catch(() => undefined);
  for (const [index, step] of steps.entries()) {
    if (arrived !== undefined) break;
    before = watch.requests;
    try {
      await Promise.race([perform(page, step), watch.back]);
    } catch {
      // The message of the browser's driver holds selectors, values and addresses.
      if (watch.otherHosts.size > 0) return { kind: 'astray', says: `it stopped at ${bareAddress(page.url())}` };
      return { kind: 'recipe', says: `${describeStep(step, index)} could not be done at ${bareAddress(page.url())}` };
    }
  }
  const swallowed = async (): Promise<boolean> =>
    (await within(page, watch.back, SWALLOWED_MS)) === undefined && watch.requests === before;
  const last = steps.at(-1);
  // As anybody would, who sees that nothing happened.
  if (last && 'click' in last && (await swallowed())) await perform(page, last).catch(() => undefined);
  const back = await within(page, watch.back, STEP_MS);
  if (back !== undefined) return { kind: 'returned', ...back };
  return { kind: 'astray', says: `after the last step the browser stayed at ${bareAddress(page.url())}` };
}

async function within<T>(page: Page, work: Promise<T>, ms: number): Promise<T | undefined> {
  const late = page.waitForTimeout(ms).then(() => undefined);
  late.catch(() => undefined);
  return Promise.race([work, late]);
}

/** Follows a recipe on a phone's screen, in a browser that knows nothing of earlier sign-ins. */
export async function loginByBrowser(
  browser: Browser,
  target: Target,
  steps: readonly LoginStep[],
  authorizeUrl: string,
): Promise<SignedIn> {
  const context = await browser.newContext({
    viewport: PHONE,
    isMobile: true,
    hasTouch: true,
    ignoreHTTPSErrors: target.ca !== undefined,
    serviceWorkers: 'block',
  });
  const watch = new Watch(target);
  try {
    await watch.attach(context);
    const signedIn = await walk(await context.newPage(), steps, authorizeUrl, watch);
    return { ...signedIn, seen: { otherHosts: [...watch.otherHosts].sort(), windows: [...watch.windows].sort() } };
  } finally {
    await context.close();
  }
}
