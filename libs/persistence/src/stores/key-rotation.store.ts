import { asTenantId, type TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import type { WrappedDataKey, WrappedMacKey } from './keys.store.js';
import { asTenant, changesRows } from './tenant-transaction.js';

/** A data key as operators see it: never the key itself. */
export interface ListedDataKey {
  readonly tenantId: TenantId;
  readonly tenantSlug: string;
  readonly id: string;
  readonly masterKeyId: string;
  readonly createdAt: Date;
  /** Since when nothing new is sealed with it; null for the active one. */
  readonly retiredAt: Date | null;
}

/** A MAC key's use. */
export interface MacKeyUse {
  readonly id: number;
  /** When the next key takes over; null while there is none. */
  readonly stopsSigningAt: Date | null;
  /** Live grants whose newest token it signed. */
  readonly newest: number;
  /** Live grants whose household may hold a token of it, newest or not. */
  readonly held: number;
}

/** A key wrapped anew, with the wrapping it replaces. */
export interface Rewrapping {
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
  readonly replaces: Buffer;
}

/**
 * What the rotation of keys reads and writes, beside running processes: every write holds only where the row is still the
 * one it was made for. Work on a tenant's rows runs with that tenant set.
 * @see ADR 0013
 */
export class KeyRotationStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Every data key of every tenant, by tenant, the active one first. */
  async listDataKeys(): Promise<ListedDataKey[]> {
    const rows = await this.dataSource.query<ListedRow[]>('SELECT * FROM linkbroker.list_data_keys()');
    return rows.map((row) => ({
      tenantId: asTenantId(row.tenant_id),
      tenantSlug: row.tenant_slug,
      id: row.id,
      masterKeyId: row.master_key_id,
      createdAt: row.created_at,
      retiredAt: row.retired_at,
    }));
  }

  /** False when the row is not wrapped as it was any more. */
  async rewrapMacKey(id: number, { masterKeyId, wrapped, replaces }: Rewrapping): Promise<boolean> {
    return changesRows(
      this.dataSource.manager,
      'UPDATE linkbroker.mac_keys SET master_key_id = $2, wrapped = $3 WHERE id = $1 AND wrapped = $4 RETURNING 1',
      [id, masterKeyId, wrapped, replaces],
    );
  }

  /** False when the row is not wrapped as it was any more. */
  async rewrapFingerprintKey({ masterKeyId, wrapped, replaces }: Rewrapping): Promise<boolean> {
    return changesRows(
      this.dataSource.manager,
      'UPDATE linkbroker.fingerprint_keys SET master_key_id = $1, wrapped = $2 WHERE id = 1 AND wrapped = $3 RETURNING 1',
      [masterKeyId, wrapped, replaces],
    );
  }

  /** False when the row is not wrapped as it was any more. */
  async rewrapDataKey(
    tenantId: TenantId,
    id: string,
    { masterKeyId, wrapped, replaces }: Rewrapping,
  ): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      changesRows(
        manager,
        `UPDATE linkbroker.data_keys SET master_key_id = $3, wrapped = $4
         WHERE tenant_id = $1 AND id = $2 AND wrapped = $5 RETURNING 1`,
        [tenantId, id, masterKeyId, wrapped, replaces],
      ),
    );
  }

  /** Retires the active key and adds its successor. False, and nothing changed, when another one is active already. */
  async replaceDataKey(tenantId: TenantId, activeId: string, next: WrappedDataKey, now: Date): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const retired = await changesRows(
        manager,
        `UPDATE linkbroker.data_keys SET retired_at = $3
         WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL RETURNING 1`,
        [tenantId, activeId, now],
      );
      if (!retired) return false;
      await manager.query(
        'INSERT INTO linkbroker.data_keys (id, tenant_id, master_key_id, wrapped) VALUES ($1, $2, $3, $4)',
        [next.id, tenantId, next.masterKeyId, next.wrapped],
      );
      return true;
    });
  }

  /** Adds a MAC key. False when another one took its id. */
  async addMacKey({ id, masterKeyId, wrapped, signsFrom }: WrappedMacKey): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO linkbroker.mac_keys (id, master_key_id, wrapped, signs_from) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [id, masterKeyId, wrapped, signsFrom],
    );
    return rows.length > 0;
  }

  /** What each MAC key is needed for, across tenants. */
  async macKeyUse(): Promise<MacKeyUse[]> {
    const rows = await this.dataSource.query<MacKeyUseRow[]>('SELECT * FROM linkbroker.count_mac_key_grants()');
    return rows.map((row) => ({
      id: row.id,
      stopsSigningAt: row.stops_signing_at,
      newest: Number(row.newest),
      held: Number(row.held),
    }));
  }

  /** Removes a MAC key, or answers what keeps it: that it signs (or will), or the number of live grants. */
  async removeMacKey(id: number, now: Date): Promise<'removed' | 'signs' | number> {
    const [row] = await this.dataSource.query<{ held: string | null }[]>(
      'SELECT linkbroker.remove_mac_key($1, $2) AS held',
      [id, now],
    );
    if (row?.held == null) return 'removed';
    return Number(row.held) < 0 ? 'signs' : Number(row.held);
  }
}

interface ListedRow {
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly id: string;
  readonly master_key_id: string;
  readonly created_at: Date;
  readonly retired_at: Date | null;
}

interface MacKeyUseRow {
  readonly id: number;
  readonly stops_signing_at: Date | null;
  readonly newest: string;
  readonly held: string;
}
