import type { Deadline } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** Writes and tidies timelines, whoever's they are; reading them is the tenant's, {@link TimelineReader}. @see ADR 0017 */
export class TimelineStore {
  constructor(private readonly database: Database) {}

  /** Stores a batch of recorded events, a JSON array in UTF-8, with one statement. All of it or nothing. */
  async record(batch: Buffer | string, deadline: Deadline): Promise<void> {
    await this.database.query(RECORD, [batch], deadline);
  }

  /** Makes the partitions that will be needed and drops those that nobody keeps; returns how many. */
  async keep(now: Date, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ keep_timeline: number }>(KEEP, [now], deadline);
    return row?.keep_timeline ?? 0;
  }

  /** Removes up to `limit` entries that are older than their tenant keeps them; returns how many went. */
  async forget(now: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_timeline: string }>(FORGET, [now, limit], deadline);
    return Number(row?.forget_timeline ?? 0);
  }
}

const RECORD = { name: 'record_timeline', text: 'SELECT linkbroker.record_timeline($1::json)' };
const KEEP = { name: 'keep_timeline', text: 'SELECT linkbroker.keep_timeline($1)' };
const FORGET = { name: 'forget_timeline', text: 'SELECT linkbroker.forget_timeline($1, $2)' };
