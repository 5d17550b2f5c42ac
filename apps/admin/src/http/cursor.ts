import { badRequest } from './problem.js';

/** Where a page goes on. @throws ApiProblem for what no page has told */
export function readCursor(cursor: string | undefined, isKey: (text: string) => boolean): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!isKey(text)) throw badRequest('cursor is not one that a page has told.');
  return text;
}

/**
 * A page of what was found, of which one more than the limit was asked for.
 * @param keyOf what the next page begins after
 */
export function pageAnswer<Found, Item>(
  found: readonly Found[],
  limit: number,
  toItem: (one: Found) => Item,
  keyOf: (one: Found) => string,
): { items: Item[]; next: string | null } {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map(toItem),
    next: last === undefined ? null : Buffer.from(keyOf(last), 'utf8').toString('base64url'),
  };
}
