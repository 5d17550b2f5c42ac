import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

/** A tenant's own row. */
export interface TenantRecord {
  readonly slug: string;
  readonly name: string;
  /** Days for which timelines are kept. */
  readonly timelineDays: number;
  readonly createdAt: Date;
}

/** A tenant among all of them. */
export interface ListedTenant extends TenantRecord {
  /** Since when it is being deleted: nobody gets in any more. */
  readonly closedAt: Date | null;
}

/** Tenants themselves: as one of them, and for operators all. */
export class TenantsStore {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of their slugs, those after one. */
  list(after: string | undefined, limit: number): Promise<ListedTenant[]> {
    return this.dataSource.query<ListedTenant[]>(
      `SELECT ${COLUMNS}, t.closed_at AS "closedAt" FROM linkbroker.list_tenants($1, $2) AS t ORDER BY t.slug COLLATE "C"`,
      [after ?? '', limit],
    );
  }

  async find(tenantId: TenantId): Promise<TenantRecord | undefined> {
    const [row] = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<TenantRecord[]>(`SELECT ${COLUMNS} FROM linkbroker.tenants t WHERE t.id = $1`, [tenantId]),
    );
    return row;
  }
}

const COLUMNS = `t.slug, t.name, t.timeline_days AS "timelineDays", t.created_at AS "createdAt"`;
