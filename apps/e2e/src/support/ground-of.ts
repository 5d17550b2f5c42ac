import type { Locator } from 'playwright-core';

/** The colour of the ground of something on a page, as the browser draws it. */
export const groundOf = async (place: Locator): Promise<string> =>
  place.evaluate((node) => (globalThis as unknown as Styles).getComputedStyle(node).backgroundColor);

/** Of the browser, where that runs. */
interface Styles {
  getComputedStyle(node: unknown): { readonly backgroundColor: string };
}
