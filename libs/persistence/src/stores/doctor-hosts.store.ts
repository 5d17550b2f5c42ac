import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { asTenant, changesRows } from './tenant-transaction.js';

/** How a host was proven: by a TXT record, or by a file that it serves. */
export type HostProof = 'dns' | 'well-known';

/** A host that a tenant says is his, and what came of looking. */
export interface DoctorHost {
  readonly host: string;
  /** What is to be published at it; no secret. */
  readonly token: string;
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly checkedAt: Date | null;
  readonly provenAt: Date | null;
  readonly provenBy: HostProof | null;
}

const COLUMNS = `host, token, added_by AS "addedBy", added_at AS "addedAt", checked_at AS "checkedAt",
  proven_at AS "provenAt", proven_by AS "provenBy"`;

/** Hosts that the doctor may look at for a tenant. */
export class DoctorHostsStore {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of their names. */
  list(tenantId: TenantId): Promise<DoctorHost[]> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<DoctorHost[]>(
        `SELECT ${COLUMNS} FROM linkbroker.doctor_hosts WHERE tenant_id = $1 ORDER BY host COLLATE "C"`,
        [tenantId],
      ),
    );
  }

  async find(tenantId: TenantId, host: string): Promise<DoctorHost | undefined> {
    const text = `SELECT ${COLUMNS} FROM linkbroker.doctor_hosts WHERE tenant_id = $1 AND host = $2`;
    return asTenant(
      this.dataSource,
      tenantId,
      async (manager) => (await manager.query<DoctorHost[]>(text, [tenantId, host]))[0],
    );
  }

  /** Adds a host that is not there yet, while the tenant has fewer than `most`. */
  add(
    tenantId: TenantId,
    wanted: Pick<DoctorHost, 'host' | 'token' | 'addedBy' | 'addedAt'>,
    most: number,
    entry: AuditEntry,
  ): Promise<'added' | 'there' | 'too-many'> {
    const { host, token, addedBy, addedAt } = wanted;
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const [count] = await manager.query<{ hosts: number }[]>(
        'SELECT count(*)::int AS hosts FROM linkbroker.doctor_hosts WHERE tenant_id = $1',
        [tenantId],
      );
      if ((count?.hosts ?? 0) >= most) return 'too-many';
      const added = await manager.query<unknown[]>(
        `INSERT INTO linkbroker.doctor_hosts (tenant_id, host, token, added_by, added_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, host) DO NOTHING RETURNING host`,
        [tenantId, host, token, addedBy, addedAt],
      );
      if (added.length === 0) return 'there';
      await appendAudit(manager, tenantId, entry);
      return 'added';
    });
  }

  /** Notes that somebody looked, and with a proof that it was found. */
  async note(tenantId: TenantId, host: string, proof: HostProof | null, entry: AuditEntry): Promise<void> {
    const text = `UPDATE linkbroker.doctor_hosts SET checked_at = $3, proven_at = CASE WHEN $4::text IS NULL THEN proven_at ELSE $3 END,
        proven_by = coalesce($4, proven_by) WHERE tenant_id = $1 AND host = $2 RETURNING host`;
    await asTenant(this.dataSource, tenantId, async (manager) => {
      const noted = await changesRows(manager, text, [tenantId, host, entry.at, proof]);
      if (noted && proof !== null) await appendAudit(manager, tenantId, entry);
    });
  }

  /** False where the tenant has no such host. */
  remove(tenantId: TenantId, host: string, entry: AuditEntry): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text = 'DELETE FROM linkbroker.doctor_hosts WHERE tenant_id = $1 AND host = $2 RETURNING host';
      const removed = await changesRows(manager, text, [tenantId, host]);
      if (removed) await appendAudit(manager, tenantId, entry);
      return removed;
    });
  }
}
