import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { root } from './launcher/launch.js';
import { launchChromium } from './support/chromium.js';
import { scratchStores, startStage, type Stage } from './support/stage.js';
import { findChromium } from './support/tools.js';

/** `npm test` finds or fetches Chromium; where there is no apt it says why and these are skipped. */
const { found, reason } = await findChromium();
const inBrowser = found ? test : test.skip;
const PHONE = { width: 390, height: 844 };
const pictures = join(root, 'tmp/screenshots');

describe(`a household's browser${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let stage: Stage;
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    if (!found) return;
    mkdirSync(pictures, { recursive: true });
    stage = await startStage(scratchStores());
    browser = await launchChromium(found);
  }, 90_000);
  afterAll(async () => {
    if (!found) return;
    await browser.close();
    await stage.close();
  });
  beforeEach(async () => {
    if (found) context = await browser.newContext({ viewport: PHONE, deviceScaleFactor: 2, locale: 'en-GB' });
  });
  afterEach(async () => {
    if (found) await context.close();
  });

  /** From the simulated Alexa app to the broker's link page. */
  async function openLinkPage(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${stage.simulatorUrl}/alexa/skills/${stage.skill.clientId}`);
    await page.getByRole('button', { name: /enable/i }).click();
    await page.waitForURL(`${stage.brokerUrl}/link/*`);
    return page;
  }

  async function signIn(page: Page): Promise<void> {
    await page.fill('[name=username]', 'alice');
    await page.fill('[name=password]', 'alice');
    await page.click('button[type=submit]');
  }

  const fits = (page: Page): Promise<boolean> =>
    page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');

  inBrowser('links at the width of a phone: Alexa, link page, provider, linked', async () => {
    const errors: string[] = [];
    context.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    context.on('weberror', (error) => errors.push(error.error().message));
    const page = await openLinkPage();
    // The style is there: a policy that refused it would leave the browser's own button.
    const radius = "getComputedStyle(document.querySelector('button')).borderRadius";
    expect(await page.evaluate<string>(radius)).toBe('14px');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'Link Acme Lights with your Alexa account',
    );
    expect(await fits(page)).toBe(true);
    await page.screenshot({ path: join(pictures, 'link-page-phone.png') });
    await page.getByRole('button', { name: 'Continue with Acme Home' }).click();
    await page.waitForURL(`${stage.simulatorUrl}/oidc/**`);
    await page.screenshot({ path: join(pictures, 'provider-phone.png') });
    await signIn(page);
    await page.waitForURL(/success=true/);
    await page.screenshot({ path: join(pictures, 'linked-phone.png') });
    await page.goto(`${stage.simulatorUrl}/alexa/skills/${stage.skill.clientId}`);
    expect(await page.locator('[data-link-state=linked]').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  inBrowser('without the cookie nothing is issued, the page explains, and starting here works', async () => {
    const page = await openLinkPage();
    await page.getByRole('button', { name: 'Continue with Acme Home' }).click();
    await page.waitForURL(`${stage.simulatorUrl}/oidc/**`);
    await context.clearCookies({ name: '__Host-linkbroker' });
    await signIn(page);
    await page.waitForURL(`${stage.brokerUrl}/callback/**`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'We cannot tell that this is your attempt',
    );
    expect(await fits(page)).toBe(true);
    await page.screenshot({ path: join(pictures, 'no-cookie-phone.png') });
    await page.getByRole('button', { name: 'Start again in this browser' }).click();
    await page.getByRole('button', { name: 'Continue with Acme Home' }).click();
    await page.waitForURL(/success=true/);
  });

  inBrowser('cancelling goes back to Alexa, which says that it was not linked', async () => {
    const page = await openLinkPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL(/success=false/);
  });

  inBrowser('the pages hold at 320 px, on a desktop and in the dark', async () => {
    for (const [name, width, colorScheme] of [
      ['narrow', 320, 'light'],
      ['desktop', 1280, 'light'],
      ['dark', 390, 'dark'],
    ] as const) {
      const page = await openLinkPage();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      expect(await fits(page)).toBe(true);
      await page.screenshot({ path: join(pictures, `link-page-${name}.png`) });
      await page.close();
    }
  });
});
