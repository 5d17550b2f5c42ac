import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

/** How far each kind of a tenant's news has come; a mark that changes says that there is something new. */
export interface LiveMarks {
  readonly timeline: string;
  readonly deliveries: string;
  readonly changes: string;
}

/** What tells a page that it is out of date. One statement, each mark from the end of an index. */
export class LiveMarksStore {
  constructor(private readonly dataSource: DataSource) {}

  read(tenantId: TenantId): Promise<LiveMarks> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const [row] = await manager.query<LiveMarks[]>(MARKS, [tenantId]);
      if (!row) throw new Error('a row of marks');
      return row;
    });
  }
}

/** Everyday renewals are no news: the index by time is without them. */
const MARKS = `
SELECT coalesce((SELECT e.at::text FROM linkbroker_timeline.entries e
    WHERE e.tenant_id = $1 AND e.outcome IS DISTINCT FROM 'rotated' ORDER BY e.at DESC LIMIT 1), '') AS timeline,
  coalesce((SELECT max(d.id)::text FROM linkbroker.event_deliveries d WHERE d.tenant_id = $1), '') AS deliveries,
  coalesce((SELECT max(a.seq)::text FROM linkbroker.audit_log a WHERE a.chain = $1), '') AS changes`;
