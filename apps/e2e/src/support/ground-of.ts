import type { Locator } from 'playwright-core';

/** What a browser says of a page that goes while it is looked at. */
const GONE = /Execution context was destroyed|Frame was detached|Element is not attached/;

/**
 * The colour of the ground of something on a page, as the browser draws it; undefined where the page was exchanged for
 * another meanwhile, as a preview is.
 */
export const groundOf = (place: Locator): Promise<string | undefined> =>
  place
    .evaluate((node) => (globalThis as unknown as Styles).getComputedStyle(node).backgroundColor)
    .catch((error: unknown) => {
      if (GONE.test(String(error))) return undefined;
      throw error;
    });

/** Of the browser, where that runs. */
interface Styles {
  getComputedStyle(node: unknown): { readonly backgroundColor: string };
}
