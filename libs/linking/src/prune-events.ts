import type { Deadline } from '@linkbroker/contracts';

export interface PruneEventsNeeds {
  readonly now: () => Date;
  readonly deliveries: {
    prune(before: Date, limit: number, deadline: Deadline): Promise<number>;
  };
}

/** How long the delivery log reaches back. */
const KEEP_MS = 30 * 24 * 3_600_000;
const BATCH = 1_000;
const MAX_BATCHES = 100;
const STATEMENT_MS = 10_000;

/** Forgets events that nobody waits for and that ended a month ago, in bounded batches; returns how many. Safe to repeat. */
export async function pruneEvents(needs: PruneEventsNeeds): Promise<number> {
  const before = new Date(needs.now().getTime() - KEEP_MS);
  let pruned = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const gone = await needs.deliveries.prune(before, BATCH, performance.now() + STATEMENT_MS);
    pruned += gone;
    if (gone < BATCH) break;
  }
  return pruned;
}
