import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Between two looks, in milliseconds. */
const PAUSE = 10;

/** Says what is there now, for the message of a failure; returns it. Nothing secret. */
export type Saw = <S>(seen: S) => S;

const shown = (seen: unknown): string => inspect(seen, { breakLength: Infinity }).slice(0, 1_000);

/**
 * Looks again and again until there is something: anything but `undefined` and `false`. A test waits with this instead of
 * for a time. What `look` throws ends it at once.
 * @param what is awaited, for the message of a failure
 * @param look says by `saw` what it has found, where that is more than what it returns
 * @param patience for how long it is looked, in milliseconds; it is looked once more at the end of it
 * @throws Error when it has not come by then, with what was awaited and what was seen last
 */
export async function eventually<T>(
  what: string,
  look: (saw: Saw) => T | undefined | false | Promise<T | undefined | false>,
  patience = 30_000,
): Promise<T> {
  const end = performance.now() + patience;
  let last: { readonly seen: unknown } | undefined;
  const saw: Saw = (seen) => {
    last = { seen };
    return seen;
  };
  for (;;) {
    const isLast = performance.now() >= end;
    const found = await look(saw);
    if (found !== undefined && found !== false) return found;
    if (isLast) throw new Error(`not within ${patience} ms: ${what}; seen last: ${shown(last ? last.seen : found)}`);
    await delay(PAUSE);
  }
}
