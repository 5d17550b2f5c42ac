import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { dataKeyOf, isSealed, SEALED_COLUMNS, type SealedColumn } from './sealed-columns.js';
import { asTenant, changesRows } from './tenant-transaction.js';

/** A value sealed with another data key than the tenant's active one, and what its place needs besides the tenant. */
export interface SealedValue {
  readonly row: string;
  readonly version: number;
  readonly sealed: Buffer;
}

/** The same value under another key. */
export interface ResealedValue extends SealedValue {
  readonly resealed: Buffer;
}

/**
 * Sealed values of one tenant, whichever table they are in, and the data keys that they need.
 * @see ADR 0013
 */
export class SealedValuesStore {
  /** The fields that hold sealed values, as they stand in a value's place. */
  readonly fields: readonly string[] = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);

  constructor(private readonly dataSource: DataSource) {}

  /** Values of one field that another key than the active one seals, in the order of their rows, after a given one. */
  async findToReseal(tenantId: TenantId, field: string, after: string, limit: number): Promise<SealedValue[]> {
    const column = columnOf(field);
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<SealedValue[]>(
        `SELECT v.id AS row, ${column.version} AS version, v.${column.column} AS sealed FROM linkbroker.${column.table} AS v
         WHERE v.tenant_id = $1 AND v.id > $2 AND ${isSealed(column)} AND ${dataKeyOf(column)} <>
           (SELECT uuid_send(d.id) FROM linkbroker.data_keys AS d WHERE d.tenant_id = $1 AND d.retired_at IS NULL)
         ORDER BY v.id LIMIT $3`,
        [tenantId, after, limit],
      ),
    );
  }

  /**
   * Writes values where the row still holds what they were made from. It waits for no lock and touches no lease, fence or
   * version: a refresh that is under way stores its answer as if nothing had happened.
   * @returns how many were written; the others are being written by somebody else
   */
  async reseal(tenantId: TenantId, field: string, values: readonly ResealedValue[]): Promise<number> {
    const { table, column, version } = columnOf(field);
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const [rows] = await manager.query<[unknown[], number]>(
        `WITH fresh AS MATERIALIZED (
           SELECT * FROM unnest($2::uuid[], $3::integer[], $4::bytea[], $5::bytea[]) AS f (id, version, sealed, resealed)),
         free AS MATERIALIZED (
           SELECT v.id FROM linkbroker.${table} AS v JOIN fresh AS f ON f.id = v.id
           WHERE v.tenant_id = $1 AND v.${column} = f.sealed AND ${version} = f.version
           FOR UPDATE OF v SKIP LOCKED)
         UPDATE linkbroker.${table} AS v SET ${column} = f.resealed FROM fresh AS f JOIN free ON free.id = f.id
         WHERE v.id = f.id AND v.tenant_id = $1 AND v.${column} = f.sealed RETURNING 1`,
        [
          tenantId,
          values.map(({ row }) => row),
          values.map((value) => value.version),
          values.map(({ sealed }) => sealed),
          values.map(({ resealed }) => resealed),
        ],
      );
      return rows.length;
    });
  }

  /** How many of a tenant's values each data key seals, by key id; also keys that are not there. */
  async countSealed(tenantId: TenantId): Promise<ReadonlyMap<string, number>> {
    const counted = SEALED_COLUMNS.map(
      (column) =>
        `SELECT ${dataKeyOf(column)} AS key FROM linkbroker.${column.table} AS v WHERE v.tenant_id = $1 AND ${isSealed(column)}`,
    );
    const rows = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<{ id: string; count: string }[]>(
        `SELECT encode(key, 'hex')::uuid AS id, count(*) FROM (${counted.join(' UNION ALL ')}) AS sealed GROUP BY 1`,
        [tenantId],
      ),
    );
    return new Map(rows.map(({ id, count }) => [id, Number(count)]));
  }

  /** Removes a data key that was retired before the given moment and that no value is sealed with; false otherwise. */
  async removeDataKey(tenantId: TenantId, id: string, retiredBefore: Date): Promise<boolean> {
    const unused = SEALED_COLUMNS.map(
      (column) => `NOT EXISTS (SELECT 1 FROM linkbroker.${column.table} AS v
        WHERE v.tenant_id = $1 AND ${isSealed(column)} AND ${dataKeyOf(column)} = uuid_send($2::uuid))`,
    );
    return asTenant(this.dataSource, tenantId, (manager) =>
      changesRows(
        manager,
        `DELETE FROM linkbroker.data_keys AS d
         WHERE d.tenant_id = $1 AND d.id = $2 AND d.retired_at <= $3 AND ${unused.join(' AND ')} RETURNING 1`,
        [tenantId, id, retiredBefore],
      ),
    );
  }
}

function columnOf(field: string): SealedColumn {
  const column = SEALED_COLUMNS.find(({ table, column: name }) => `${table}.${name}` === field);
  if (!column) throw new RangeError(`no sealed values are kept in ${field}`);
  return column;
}
