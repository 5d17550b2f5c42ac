import type { SignedIn, Target } from '@linkbroker/doctor';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { phone, photograph } from './phone.js';
import { Watch } from './watch.js';

/** Milliseconds that a person has for one sign-in. */
export const HAND_MS = 5 * 60_000;

type Memory = BrowserContextOptions['storageState'];

/**
 * Opens a window for a person to sign in, and closes it when they were sent back. Each sign-in has the cookies that the
 * one before left, so that a server which remembers people asks for the password once.
 */
export class HandLogin {
  private memory: Memory;

  constructor(
    private readonly browser: Browser,
    private readonly target: Target,
    private readonly patienceMs = HAND_MS,
  ) {}

  /** One sign-in, photographed before anything is typed where that is wanted. */
  async signIn(authorizeUrl: string, photographs: boolean): Promise<SignedIn> {
    const remembered = this.memory === undefined ? {} : { storageState: this.memory };
    const context = await this.browser.newContext({ ...phone(this.target), ...remembered });
    const watch = new Watch(this.target);
    try {
      await watch.attach(context);
      const page = await context.newPage();
      const closed = page.waitForEvent('close', { timeout: this.patienceMs }).then(
        () => 'the window was closed before anybody was sent back',
        () => `nobody was sent back within ${Math.round(this.patienceMs / 60_000)} minutes`,
      );
      await page.goto(authorizeUrl, { waitUntil: 'load' }).catch(() => undefined);
      const screenshot = photographs ? await photograph(page) : undefined;
      const end = await Promise.race([watch.back, closed]);
      if (typeof end === 'string') return { kind: 'recipe', says: end };
      this.memory = await context.storageState();
      return { kind: 'returned', ...end, seen: await watch.seen(context, screenshot) };
    } finally {
      await context.close();
    }
  }
}
