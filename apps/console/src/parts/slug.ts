import { isSlug as isAnySlug } from '@linkbroker/contracts/api';

/** Addresses of the console's own pages. */
const TAKEN = ['new'];

/** Whether a text can be the short name of what is made here. */
export const isSlug = (text: string): boolean => isAnySlug(text) && !TAKEN.includes(text);

/** A short name out of a name, as a proposal. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);

/** The same, or with a number behind it where somebody has it. */
export function freeSlug(name: string, taken: readonly string[]): string {
  const slug = slugOf(name);
  if (isSlug(slug) && !taken.includes(slug)) return slug;
  for (let number = 2; ; number += 1) {
    const other = `${slug.slice(0, 58) || 'new'}-${String(number)}`;
    if (!taken.includes(other)) return other;
  }
}
