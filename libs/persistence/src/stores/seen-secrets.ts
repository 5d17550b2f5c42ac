import type { Deadline } from '@linkbroker/contracts';
import type { ClientsStore } from './clients.store.js';

const FLUSH_STATEMENT_MS = 5_000;

/**
 * Collects which client secrets were used and writes them now and then: a replaced secret retires after 30 days
 * unseen, so a date that is ten minutes late does not matter, and a write per request would.
 */
export class SeenSecrets {
  private readonly seen = new Set<string>();

  constructor(private readonly store: Pick<ClientsStore, 'seeSecrets'>) {}

  readonly note = (secretId: string): void => {
    this.seen.add(secretId);
  };

  /** Writes what was collected; keeps it when that fails. */
  async flush(now: Date, deadline: Deadline = performance.now() + FLUSH_STATEMENT_MS): Promise<void> {
    const ids = [...this.seen];
    if (ids.length === 0) return;
    await this.store.seeSecrets(ids, now, deadline);
    for (const id of ids) this.seen.delete(id);
  }
}
