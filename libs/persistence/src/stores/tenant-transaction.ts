import type { TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';

/** Runs work in one transaction that sees and writes rows of this tenant only. @see ADR 0004 */
export function asTenant<T>(
  dataSource: DataSource,
  tenantId: TenantId,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  return dataSource.transaction(async (manager) => {
    await manager.query(`SELECT set_config('linkbroker.tenant_id', $1, true)`, [tenantId]);
    return work(manager);
  });
}

/** Whether an UPDATE or DELETE with RETURNING changed a row; TypeORM answers these with the rows and their number. */
export async function changesRows(manager: EntityManager, text: string, values: readonly unknown[]): Promise<boolean> {
  const [rows] = await manager.query<[unknown[], number]>(text, [...values]);
  return rows.length > 0;
}
