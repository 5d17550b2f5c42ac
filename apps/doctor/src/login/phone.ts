import { PHONE_WIDTH, type Target } from '@linkbroker/doctor';
import type { BrowserContextOptions, Page } from 'playwright-core';

const SCREENSHOT_MS = 10_000;

/** A context with a phone's screen, in CSS pixels. */
export const phone = ({ ca }: Target): BrowserContextOptions => ({
  viewport: { width: PHONE_WIDTH, height: 844 },
  isMobile: true,
  hasTouch: true,
  ignoreHTTPSErrors: ca !== undefined,
  serviceWorkers: 'block',
});

/** The page as it is on the screen, as PNG; nothing where the browser cannot draw it. */
export async function photograph(page: Page): Promise<Uint8Array | undefined> {
  return page.screenshot({ type: 'png', timeout: SCREENSHOT_MS }).catch(() => undefined);
}
