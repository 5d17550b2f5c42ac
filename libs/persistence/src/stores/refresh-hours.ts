import type { Connector, Deadline } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

const FLUSH_MS = 10_000;
const HOUR_MS = 3_600_000;

interface Counted {
  readonly tenantId: string;
  readonly connectorId: string;
  readonly hour: Date;
  readonly bucket: string;
  count: number;
}

/**
 * How refreshes at providers ended, counted in memory and added to their hour now and then. What has not been written when a
 * process is killed is missing: the journal is the truth about each attempt, this is for the eye.
 */
export class RefreshHours {
  private readonly counts = new Map<string, Counted>();

  constructor(
    private readonly database: Database,
    private readonly now: () => Date,
  ) {}

  /** @param connector undefined where it could not be looked up: on nobody's account */
  count(connector: Pick<Connector, 'id' | 'tenantId'> | undefined, bucket: string): void {
    if (!connector) return;
    const hour = new Date(Math.floor(this.now().getTime() / HOUR_MS) * HOUR_MS);
    const { id: connectorId, tenantId } = connector;
    const key = `${connectorId} ${String(hour.getTime())} ${bucket}`;
    const counted = this.counts.get(key) ?? { tenantId, connectorId, hour, bucket, count: 0 };
    counted.count += 1;
    this.counts.set(key, counted);
  }

  /** Adds what was counted; what cannot be written is added with the next. */
  async flush(deadline: Deadline = performance.now() + FLUSH_MS): Promise<void> {
    if (this.counts.size === 0) return;
    const counted = [...this.counts];
    this.counts.clear();
    try {
      await this.database.query(COUNT, [JSON.stringify(counted.map(([, one]) => one))], deadline);
    } catch (error) {
      for (const [key, one] of counted) {
        const since = this.counts.get(key);
        if (since) since.count += one.count;
        else this.counts.set(key, one);
      }
      throw error;
    }
  }
}

const COUNT = { name: 'count_upstream_refreshes', text: 'SELECT linkbroker.count_upstream_refreshes($1::json)' };
