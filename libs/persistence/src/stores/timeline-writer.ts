import type { Deadline } from '@linkbroker/contracts';
import { Pool } from 'pg';
import { PooledDatabase } from '../database/database.js';
import { TimelineStore } from './timeline.store.js';

/**
 * Writes timelines over one connection of its own: a timeline that cannot be written takes nothing from the requests that
 * it is about. Connects when the first batch comes.
 */
export class TimelineWriter {
  private readonly pool: Pool;
  private readonly store: TimelineStore;

  constructor(url: string) {
    this.pool = new Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      application_name: 'linkbroker-timeline',
    });
    // An idle connection that dies is replaced at the next use.
    this.pool.on('error', () => undefined);
    this.store = new TimelineStore(new PooledDatabase(this.pool));
  }

  /** Stores a batch of recorded events, a JSON array. @throws DatabaseUnavailable, and pg's errors of the statement */
  readonly write = (batch: Buffer | string, deadline: Deadline): Promise<void> => this.store.record(batch, deadline);

  readonly close = (): Promise<void> => this.pool.end();
}
