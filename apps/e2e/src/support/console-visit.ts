import axe, { type AxeResults } from 'axe-core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { root } from '../launcher/launch.js';

const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Where `npm run pictures` wants them: then of both widths in both schemes, and small. */
const WANTED = process.env['LINKBROKER_PICTURES'];
const PICTURES = WANTED ?? join(root, 'tmp/screenshots/console');
const QUALITY = 60;
const TALLEST = 2_600;
const WIDTHS = [1440, 390] as const;
const SCHEMES = ['light', 'dark'] as const;
const DEADLINE_MS = 10_000;
/** What a browser says of answers that are as they should be. */
const EXPECTED = /Failed to load resource: the server responded with a status of 401/;

/** Somebody at the console, with a browser. */
export class ConsoleVisit {
  /** What broke, what the policy refused, what axe found. */
  readonly findings: unknown[] = [];

  private constructor(
    private readonly url: string,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    context.on('console', (entry) => {
      if (entry.type() === 'error' && !EXPECTED.test(entry.text())) this.findings.push(entry.text());
    });
    context.on('weberror', (error) => this.findings.push(String(error.error())));
  }

  static async begin(browser: Browser, url: string): Promise<ConsoleVisit> {
    mkdirSync(PICTURES, { recursive: true });
    const viewport = { width: 1440, height: 900 };
    const context = await browser.newContext({ viewport, locale: 'en-GB', reducedMotion: 'reduce' });
    context.setDefaultTimeout(DEADLINE_MS);
    await context.addInitScript(axe.source);
    return new ConsoleVisit(url, context, await context.newPage());
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  async open(path: string, title: string | RegExp): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
    await this.heading(title).waitFor();
    await this.page.locator('[role=status][aria-label=Loading]').first().waitFor({ state: 'detached' });
  }

  /** Fills in the form of a new account. */
  async makeAccount(name: string, login: string, password: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name);
    await this.page.getByLabel('E-mail address').fill(login);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
  }

  /** Comes by an invitation, makes an account, and signs in with it. */
  async acceptInvitation(url: string, person: { name: string; login: string; password: string }): Promise<void> {
    await this.page.goto(url);
    await this.heading('You are invited').waitFor();
    await this.makeAccount(person.name, person.login, person.password);
    await this.button('Accept').click();
    // Not the one for who has an account, which is there until this one is made.
    await this.page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await this.signIn(person.login, person.password);
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.page.getByLabel('E-mail address').fill(login);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
    await this.button('Sign in').click();
  }

  /** What a dialog shows this once; it is closed, and nothing of it is left on the page. */
  async takeShownOnce(note: (secret: string) => string): Promise<string> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByText('This is shown once.').waitFor();
    const secret = note((await dialog.locator('.lb-value').textContent()) ?? '');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    if ((await this.page.content()).includes(secret)) this.findings.push('what is shown once is still on the page');
    return secret;
  }

  /**
   * Looks at a page, wide in light and narrow in the dark: nothing for axe to find, nothing to scroll sideways for.
   */
  async look(name: string): Promise<void> {
    const { page } = this;
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width > 600 ? 900 : 844 });
      for (const colorScheme of SCHEMES) {
        const judged = width > 600 === (colorScheme === 'light');
        if (!judged && WANTED === undefined) continue;
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
        await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
        if (WANTED !== undefined) await this.picture(`${name}-${String(width)}-${colorScheme}`);
        if (!judged) continue;
        const [wrong, wide] = [await this.settledViolations(), await this.sticksOut()];
        if (wrong.length > 0 || wide > 0) this.findings.push({ name, width, colorScheme, wrong, wide });
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }

  async picture(name: string): Promise<void> {
    if (WANTED === undefined) {
      await this.page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
      return;
    }
    await this.standTall();
    const session = await this.context.newCDPSession(this.page);
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
    await session.detach();
    writeFileSync(join(PICTURES, `${name}.webp`), Buffer.from(data, 'base64'));
  }

  /** Makes the window as high as the page: what sticks to its ends does not stand in the middle of the picture. */
  private async standTall(): Promise<void> {
    const { page } = this;
    const width = page.viewportSize()?.width ?? WIDTHS[0];
    await page.evaluate('scrollTo(0, 0)');
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    await page.setViewportSize({ width, height: Math.min(height, TALLEST) });
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  }

  /** Colours of the other brightness come with the next drawing: what is wrong has to stay wrong. */
  private async settledViolations(): Promise<string[]> {
    let wrong = await this.violations();
    for (let turn = 0; turn < 3 && wrong.length > 0; turn += 1) {
      await this.page.evaluate('new Promise((resolve) => requestIdleCallback(resolve, { timeout: 500 }))');
      wrong = await this.violations();
    }
    return wrong;
  }

  private async violations(): Promise<string[]> {
    const rules = { 'target-size': { enabled: true } };
    const options = JSON.stringify({ runOnly: STANDARD, rules, resultTypes: ['violations'] });
    const { violations } = await this.page.evaluate<AxeResults>(`axe.run(document, ${options})`);
    return violations.map(({ id, nodes }) => {
      const places = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`);
      return `${id}: ${places.join(' ')}`;
    });
  }

  private sticksOut(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  }
}
