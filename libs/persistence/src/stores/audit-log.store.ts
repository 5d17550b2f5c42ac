import type { TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

/** Who did something. `id` is null for who has none. */
export interface AuditActor {
  readonly kind: 'person' | 'api-key' | 'operator-key' | 'command';
  readonly id: string | null;
  readonly label: string;
}

/** What somebody did. No secret stands in `diff`: of one it says `changed`. */
export interface AuditEntry {
  readonly at: Date;
  readonly actor: AuditActor;
  /** `member.removed`: a noun and what became of it. */
  readonly action: string;
  readonly subject: string;
  readonly diff: Readonly<Record<string, unknown>>;
  /** The network that the request came from, not the address. */
  readonly address: string | null;
}

export interface LoggedAuditEntry extends AuditEntry {
  readonly seq: number;
  /** Hexadecimal; of this entry and, by the one before, of all that went before it. */
  readonly hash: string;
}

/** What came of walking a chain. */
export interface AuditVerdict {
  readonly entries: number;
  /** The first entry that is not as it was written; null where all are. */
  readonly brokenAt: number | null;
  readonly head: { readonly seq: number; readonly hash: string } | null;
}

/**
 * Writes an entry in the transaction of what it tells of: both are there or neither. Without a tenant it goes into the
 * installation's own chain.
 */
export async function appendAudit(
  manager: EntityManager,
  tenantId: TenantId | null,
  { at, actor, action, subject, diff, address }: AuditEntry,
): Promise<void> {
  await manager.query('SELECT linkbroker.append_audit($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    ...[tenantId, at, actor.kind, actor.id, actor.label, action, subject, JSON.stringify(diff), address],
  ]);
}

/** The audit log: a chain of hashes for each tenant, and one for the installation. @see ADR 0022 */
export class AuditLogStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes an entry by itself, for what happens outside the database. */
  async append(tenantId: TenantId | null, entry: AuditEntry): Promise<void> {
    await appendAudit(this.dataSource.manager, tenantId, entry);
  }

  /** The newest first, before a sequence number where one is given. */
  async list(tenantId: TenantId | null, before: number | null, limit: number): Promise<LoggedAuditEntry[]> {
    const rows =
      tenantId === null
        ? await this.dataSource.query<Row[]>('SELECT * FROM linkbroker.read_installation_audit($1, $2)', [
            before,
            limit,
          ])
        : await asTenant(this.dataSource, tenantId, (manager) => manager.query<Row[]>(LIST, [tenantId, before, limit]));
    return rows.map(toEntry);
  }

  async verify(tenantId: TenantId | null): Promise<AuditVerdict> {
    const [row] = await this.dataSource.query<VerdictRow[]>('SELECT * FROM linkbroker.verify_audit($1)', [tenantId]);
    const head = row?.head_seq && row.head_hash && { seq: Number(row.head_seq), hash: row.head_hash.toString('hex') };
    const brokenAt = row?.broken_at ?? null;
    return {
      entries: Number(row?.entries ?? 0),
      brokenAt: brokenAt === null ? null : Number(brokenAt),
      head: head || null,
    };
  }
}

const LIST = `
SELECT * FROM linkbroker.audit_log WHERE chain = $1 AND tenant_id = $1 AND ($2::bigint IS NULL OR seq < $2)
ORDER BY seq DESC LIMIT $3`;

interface Row {
  readonly seq: string;
  readonly at: Date;
  readonly actor_kind: AuditActor['kind'];
  readonly actor_id: string | null;
  readonly actor_label: string;
  readonly action: string;
  readonly subject: string;
  readonly diff: Record<string, unknown>;
  readonly address: string | null;
  readonly entry_hash: Buffer;
}

interface VerdictRow {
  readonly entries: string;
  readonly broken_at: string | null;
  readonly head_seq: string | null;
  readonly head_hash: Buffer | null;
}

const toEntry = (row: Row): LoggedAuditEntry => ({
  seq: Number(row.seq),
  at: row.at,
  actor: { kind: row.actor_kind, id: row.actor_id, label: row.actor_label },
  action: row.action,
  subject: row.subject,
  diff: row.diff,
  address: row.address,
  hash: row.entry_hash.toString('hex'),
});
