import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { asTenant, changesRows } from './tenant-transaction.js';

/** A key to one tenant, for programs. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
}

/** What a presented key opens. */
export interface ResolvedApiKey {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly permissions: readonly string[];
}

/** API keys, known by their hashes only. */
export class ApiKeysStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest first, also those that have run out. */
  list(tenantId: TenantId): Promise<ApiKey[]> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<ApiKey[]>(
        `SELECT id, name, permissions, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
           last_used_at AS "lastUsedAt"
         FROM linkbroker.api_keys WHERE tenant_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id`,
        [tenantId],
      ),
    );
  }

  async create(tenantId: TenantId, key: ApiKey, keyHash: Buffer, entry: AuditEntry): Promise<void> {
    const { id, name, permissions, createdBy, createdAt, expiresAt } = key;
    await asTenant(this.dataSource, tenantId, async (manager) => {
      await manager.query(
        `INSERT INTO linkbroker.api_keys (id, tenant_id, name, key_hash, permissions, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [id, tenantId, name, keyHash, permissions, createdBy, createdAt, expiresAt],
      );
      await appendAudit(manager, tenantId, entry);
    });
  }

  /** False where the tenant has no such key that works. */
  revoke(tenantId: TenantId, id: string, entry: AuditEntry): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text =
        'UPDATE linkbroker.api_keys SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id';
      const revoked = await changesRows(manager, text, [tenantId, id, entry.at]);
      if (revoked) await appendAudit(manager, tenantId, entry);
      return revoked;
    });
  }

  /** The key with this hash while it works, whoever's it is. */
  async resolve(keyHash: Buffer, now: Date): Promise<ResolvedApiKey | undefined> {
    const [row] = await this.dataSource.query<ResolvedApiKey[]>(
      'SELECT id, tenant_id AS "tenantId", name, permissions FROM linkbroker.use_api_key($1, $2)',
      [keyHash, now],
    );
    return row;
  }
}
