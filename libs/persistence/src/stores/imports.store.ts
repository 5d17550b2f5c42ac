import type { TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { asTenant } from './tenant-transaction.js';

/** Where imported links are to belong. */
export interface ImportTarget {
  readonly skillId: string;
  readonly skillScopes: readonly string[];
  readonly connectorId: string;
  /** Whether the skill's tokens are those of a server that the broker stands before. */
  readonly relayed: boolean;
}

export interface NewImport {
  readonly id: string;
  readonly skillId: string;
  readonly connectorId: string;
  /** Until when the other server's refresh tokens are taken. */
  readonly keepUntil: Date;
  readonly by: string;
  readonly now: Date;
}

/** An import with what became of its lines so far. */
export interface ImportProgress {
  readonly id: string;
  readonly skill: string;
  readonly connector: string;
  readonly keepUntil: Date;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly startedAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly pending: number;
  /** Of the pending ones, those that something is in the way of. */
  readonly held: number;
  readonly adopted: number;
  readonly refused: number;
  /** Adopted ones whose refresh token Alexa has brought here. */
  readonly used: number;
}

/** A line as it is staged; the upstream tokens are sealed for `setId`, version 1. */
export interface StagedLine {
  readonly id: string;
  readonly setId: string;
  readonly line: number;
  readonly subject: string;
  /** Keyed, of the upstream token, in hexadecimal: lines with one token share it. */
  readonly fingerprint: string;
  readonly scopes: readonly string[];
  readonly linkedAt: Date | null;
  /** SHA-256 in hexadecimal. */
  readonly refresh: readonly string[];
  readonly access: readonly { readonly sha256: string; readonly expiresAt: Date }[];
  readonly setScopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly activeDueAt: Date | null;
  readonly dueAt: Date | null;
  readonly sealed: Buffer;
}

export interface StagedOutcome {
  readonly line: number;
  readonly outcome: 'staged' | 'known' | 'another-subject';
}

export interface RefusedLine {
  readonly id: string;
  readonly line: number;
  readonly subject: string;
  readonly state: 'pending' | 'refused';
  readonly reason: string;
}

/**
 * Imports of links, for the admin app. Every verb sees one tenant only.
 * @see ADR 0023
 */
export class ImportsStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Undefined when the tenant has no such skill, or it does not offer that connector. */
  findTarget(tenantId: TenantId, skill: string, connector: string): Promise<ImportTarget | undefined> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      first<ImportTarget>(manager, TARGET, [tenantId, skill, connector]),
    );
  }

  create(tenantId: TenantId, made: NewImport, audit: AuditEntry): Promise<void> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      await createImport(manager, tenantId, made);
      await appendAudit(manager, tenantId, audit);
    });
  }

  /** The newest first. @param after the id of the last one of the page before */
  page(tenantId: TenantId, after: string | undefined, limit: number): Promise<ImportProgress[]> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<ImportProgress[]>(`${PROGRESS} AND ($2::uuid IS NULL OR i.id < $2) ORDER BY i.id DESC LIMIT $3`, [
        tenantId,
        after ?? null,
        limit,
      ]),
    );
  }

  find(tenantId: TenantId, id: string): Promise<ImportProgress | undefined> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      first<ImportProgress>(manager, `${PROGRESS} AND i.id = $2`, [tenantId, id]),
    );
  }

  /** The newest import of a skill and connector that is not given up and keeps tokens as long. */
  findSame(
    tenantId: TenantId,
    target: Pick<NewImport, 'skillId' | 'connectorId' | 'keepUntil'>,
  ): Promise<string | undefined> {
    const { skillId, connectorId, keepUntil } = target;
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const found = await first<{ id: string }>(manager, SAME, [tenantId, skillId, connectorId, keepUntil]);
      return found?.id;
    });
  }

  /**
   * Stages lines; what became of each. Undefined when there is no such import, or it was given up.
   * @param options `dry`: nothing is to stay of it; `begin`: an import that is made for it, so that it does not stay either
   */
  async stage(
    tenantId: TenantId,
    importId: string,
    lines: readonly StagedLine[],
    { now, dry, begin }: { readonly now: Date; readonly dry: boolean; readonly begin?: NewImport },
  ): Promise<readonly StagedOutcome[] | undefined> {
    const wire = lines.map(({ sealed, ...line }) => ({ ...line, sealed: sealed.toString('base64') }));
    const work = async (manager: EntityManager): Promise<readonly StagedOutcome[] | undefined> => {
      if (begin) await createImport(manager, tenantId, begin);
      const found = await manager.query<StagedOutcome[]>(STAGE, [tenantId, importId, JSON.stringify(wire), now]);
      if (dry) throw new TakenBack(found);
      return found.length === 0 && lines.length > 0 ? undefined : found;
    };
    try {
      return await asTenant(this.dataSource, tenantId, work);
    } catch (error) {
      if (error instanceof TakenBack) return error.found;
      throw error;
    }
  }

  /** False where it was started already, was given up, or is not there. */
  start(tenantId: TenantId, id: string, now: Date, audit: AuditEntry): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text = 'SELECT linkbroker.start_import($1, $2, $3) AS done';
      const done = (await first<{ done: boolean }>(manager, text, [tenantId, id, now]))?.done ?? false;
      if (done) await appendAudit(manager, tenantId, audit);
      return done;
    });
  }

  /** Gives up what has not been proved; how many lines, undefined when there is no such import. */
  cancel(
    tenantId: TenantId,
    id: string,
    now: Date,
    audit: (cancelled: number) => AuditEntry,
  ): Promise<number | undefined> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text = 'SELECT linkbroker.cancel_import($1, $2, $3) AS count';
      const count = (await first<{ count: number | null }>(manager, text, [tenantId, id, now]))?.count ?? undefined;
      if (count !== undefined) await appendAudit(manager, tenantId, audit(count));
      return count;
    });
  }

  /** Lines that were refused, or that something is in the way of, with why. @param after the last one seen */
  troubled(
    tenantId: TenantId,
    id: string,
    state: RefusedLine['state'],
    after: Pick<RefusedLine, 'id' | 'line'> | undefined,
    limit: number,
  ): Promise<RefusedLine[]> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<RefusedLine[]>(TROUBLED, [tenantId, id, state, limit, after?.line ?? null, after?.id ?? null]),
    );
  }
}

/** Carries what a dry run found out of the transaction that it takes back. */
class TakenBack extends Error {
  constructor(readonly found: readonly StagedOutcome[]) {
    super('taken back');
  }
}

async function createImport(manager: EntityManager, tenantId: TenantId, made: NewImport): Promise<void> {
  const { id, skillId, connectorId, keepUntil, by, now } = made;
  await manager.query(CREATE, [id, tenantId, skillId, connectorId, keepUntil, now, by]);
}

async function first<Row>(manager: EntityManager, text: string, values: readonly unknown[]): Promise<Row | undefined> {
  const [row] = await manager.query<Row[]>(text, [...values]);
  return row;
}

const TARGET = `
SELECT k.id AS "skillId", k.scopes AS "skillScopes", n.id AS "connectorId", k.relay IS NOT NULL AS relayed
FROM linkbroker.skills k JOIN linkbroker.skill_connectors s ON s.skill_id = k.id JOIN linkbroker.connectors n ON n.id = s.connector_id
WHERE k.tenant_id = $1 AND k.slug = $2 AND n.slug = $3 AND k.removed_at IS NULL AND n.removed_at IS NULL`;

const CREATE = `
INSERT INTO linkbroker.imports (id, tenant_id, skill_id, connector_id, keep_until, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)`;

const SAME = `
SELECT i.id FROM linkbroker.imports i
WHERE i.tenant_id = $1 AND i.skill_id = $2 AND i.connector_id = $3 AND i.keep_until = $4 AND i.cancelled_at IS NULL
ORDER BY i.id DESC LIMIT 1`;

const PROGRESS = `
SELECT i.id, k.slug AS skill, n.slug AS connector, i.keep_until AS "keepUntil", i.created_at AS "createdAt",
  i.created_by AS "createdBy", i.started_at AS "startedAt", i.cancelled_at AS "cancelledAt", c.*
FROM linkbroker.imports i JOIN linkbroker.skills k ON k.id = i.skill_id JOIN linkbroker.connectors n ON n.id = i.connector_id
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE l.state = 'pending')::int AS pending,
      count(*) FILTER (WHERE l.state = 'pending' AND (l.reason IS NOT NULL OR u.last_error IS NOT NULL))::int AS held,
      count(*) FILTER (WHERE l.state = 'adopted')::int AS adopted, count(*) FILTER (WHERE l.state = 'refused')::int AS refused,
      count(l.first_used_at)::int AS used
    FROM linkbroker.imported_links l
      LEFT JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id AND l.state = 'pending'
    WHERE l.import_id = i.id) c
WHERE i.tenant_id = $1`;

const STAGE = 'SELECT * FROM linkbroker.stage_imported_links($1, $2, $3::jsonb, $4)';

const TROUBLED = `
SELECT l.id, l.line, l.subject, l.state, coalesce(l.reason, 'the provider answered ' || u.last_error) AS reason
FROM linkbroker.imported_links l LEFT JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id
WHERE l.tenant_id = $1 AND l.import_id = $2 AND l.state = $3 AND (l.reason IS NOT NULL OR u.last_error IS NOT NULL)
  AND ($6::uuid IS NULL OR (l.line, l.id) > ($5::int, $6))
ORDER BY l.line, l.id LIMIT $4`;
