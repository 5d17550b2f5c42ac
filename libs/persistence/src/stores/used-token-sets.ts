import type { DueTokenSetsStore } from './due-token-sets.store.js';

const FLUSH_MS = 10_000;
const REMEMBERED = 100_000;
/** A set noted within this time is known to be in use. */
const KNOWN_MS = 6 * 3_600_000;

/** Which token sets are in use, noted in memory and written now and then: once in hours for each set. */
export class UsedTokenSets {
  private readonly waiting = new Set<string>();
  private readonly known = new Map<string, number>();

  constructor(private readonly store: Pick<DueTokenSetsStore, 'use'>) {}

  readonly note = (setId: string, now: Date): void => {
    if (now.getTime() - (this.known.get(setId) ?? -Infinity) < KNOWN_MS) return;
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(setId, now.getTime());
    this.waiting.add(setId);
  };

  /** Writes what has been noted; what cannot be written is noted again later. */
  async flush(now: Date): Promise<void> {
    if (this.waiting.size === 0) return;
    const setIds = [...this.waiting];
    this.waiting.clear();
    try {
      await this.store.use(setIds, now, performance.now() + FLUSH_MS);
    } catch (error) {
      for (const setId of setIds) this.waiting.add(setId);
      throw error;
    }
  }
}
