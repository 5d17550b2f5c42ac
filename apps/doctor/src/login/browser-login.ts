import { bareAddress, type LoginStep, type SignedIn, type Target } from '@linkbroker/doctor';
import type { Browser, Page } from 'playwright-core';
import { phone, photograph } from './phone.js';
import { Watch } from './watch.js';

/** Milliseconds for a step, and for the way back after the last one. */
const STEP_MS = 15_000;
/** After so long without a single request the last click was swallowed, e.g. by a window that opened at that moment. */
const SWALLOWED_MS = 2_000;

const describeStep = (step: LoginStep, index: number): string => `step ${index + 1} (${Object.keys(step)[0] ?? ''})`;

const selectorOf = (step: LoginStep): string =>
  'fill' in step ? step.fill : 'click' in step ? step.click : step.waitFor;

/** The server has shown a page that says what is wrong, and not the one that the step is for. */
class PageOfRefusal extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`);
  }
}

/** Fails when a page with an error status has nothing for this step; never settles otherwise. */
async function refusal(page: Page, step: LoginStep, watch: Watch): Promise<never> {
  const status = await watch.refused;
  await page.waitForLoadState('domcontentloaded');
  if ((await page.locator(selectorOf(step)).count()) === 0) throw new PageOfRefusal(status);
  return new Promise(() => undefined);
}

async function perform(page: Page, step: LoginStep): Promise<void> {
  // A window that the page has opened lies over it, and a page that lies below is hardly drawn.
  await page.bringToFront();
  if ('fill' in step) await page.fill(step.fill, step.value, { timeout: STEP_MS });
  else if ('click' in step) await page.click(step.click, { timeout: STEP_MS, noWaitAfter: true });
  else await page.waitForSelector(step.waitFor, { timeout: STEP_MS, state: 'attached' });
}

async function walk(page: Page, steps: readonly LoginStep[], watch: Watch): Promise<SignedIn> {
  let before = watch.requests;
  const ends = Promise.race([watch.back, watch.heldUp]);
  for (const [index, step] of steps.entries()) {
    if (watch.arrived !== undefined) break;
    before = watch.requests;
    try {
      const refused = refusal(page, step, watch);
      refused.catch(() => undefined);
      await Promise.race([perform(page, step), ends, refused]);
    } catch (error) {
      if (error instanceof PageOfRefusal) return { kind: 'astray', says: `HTTP ${error.status} on a page` };
      // The message of the browser's driver holds selectors, values and addresses.
      if (watch.otherHosts.size > 0) return { kind: 'astray', says: `it stopped at ${bareAddress(page.url())}` };
      return { kind: 'recipe', says: `${describeStep(step, index)} could not be done at ${bareAddress(page.url())}` };
    }
  }
  const isSwallowed = async (): Promise<boolean> =>
    !(await within(page, ends, SWALLOWED_MS)) && watch.requests === before;
  const last = steps.at(-1);
  // As anybody would, who sees that nothing happened.
  if (last && 'click' in last && (await isSwallowed())) await perform(page, last).catch(() => undefined);
  await within(page, ends, STEP_MS);
  if (watch.arrived !== undefined) return { kind: 'returned', ...watch.arrived };
  return { kind: 'astray', says: `after the last step the browser stayed at ${bareAddress(page.url())}` };
}

/** Whether it came to that in time. */
async function within(page: Page, work: Promise<unknown>, ms: number): Promise<boolean> {
  const late = page.waitForTimeout(ms).then(() => false);
  late.catch(() => undefined);
  return Promise.race([work.then(() => true), late]);
}

/** What a sign-in is done with. */
export interface ByBrowser {
  readonly browser: Browser;
  readonly target: Target;
  readonly steps: readonly LoginStep[];
  /** Whether the first page is photographed. */
  readonly photographs: boolean;
}

/** Follows a recipe on a phone's screen, in a browser that knows nothing of earlier sign-ins. */
export async function loginByBrowser(
  { browser, target, steps, photographs }: ByBrowser,
  authorizeUrl: string,
): Promise<SignedIn> {
  const context = await browser.newContext(phone(target));
  const watch = new Watch(target);
  try {
    await watch.attach(context);
    const page = await context.newPage();
    await page.goto(authorizeUrl, { timeout: STEP_MS, waitUntil: 'load' }).catch(() => undefined);
    const screenshot = photographs ? await photograph(page) : undefined;
    const signedIn = await walk(page, steps, watch);
    return { ...signedIn, seen: await watch.seen(context, screenshot) };
  } finally {
    await context.close();
  }
}
