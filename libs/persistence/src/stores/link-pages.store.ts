import type { TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import type { LinkState, ListedLink } from './link-overview.store.js';
import { asTenant } from './tenant-transaction.js';

/** Which links; everything given must fit. */
export interface LinkQuery {
  /** A skill's slug. */
  readonly skill?: string | undefined;
  /** Only sign-ins that are not well; `failing` are active ones whose last renewal brought nothing. */
  readonly state?: 'failing' | 'at_risk' | 'dead' | undefined;
  /** The id of the last link of the page before. */
  readonly after?: string | undefined;
}

/** One grant of a link. */
export interface LinkGrant {
  readonly id: string;
  readonly createdAt: Date;
  readonly redeemedAt: Date | null;
  readonly lastRefreshedAt: Date | null;
  readonly refreshes: number;
  readonly revokedAt: Date | null;
  readonly revokeReason: string | null;
  readonly scopes: readonly string[];
}

export interface LinkDetails extends ListedLink {
  readonly provider: string;
  readonly accessExpiresAt: Date | null;
  readonly refreshDueAt: Date | null;
  /** The newest first. */
  readonly grants: readonly LinkGrant[];
}

/** Links of one tenant, page by page, for people; and what people do to one. */
export class LinkPagesStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest `limit` that fit, newest first. Costs what it answers: links are walked by index. */
  async page(tenantId: TenantId, query: LinkQuery, limit: number): Promise<ListedLink[]> {
    const text = query.state === undefined ? PAGE : UNWELL_PAGE;
    const values = [tenantId, limit, query.after ?? null, query.skill ?? null];
    if (query.state !== undefined) values.push(query.state);
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const rows = await manager.query<LinkRow[]>(query.skill === undefined ? text.all : text.ofSkill, values);
      return rows.map(toLink);
    });
  }

  /** One link with the newest hundred of its grants; undefined when this tenant has no such one. */
  find(tenantId: TenantId, linkId: string): Promise<LinkDetails | undefined> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const [row] = await manager.query<DetailsRow[]>(ONE, [tenantId, linkId]);
      if (!row) return undefined;
      const grants = await manager.query<LinkGrant[]>(GRANTS, [tenantId, linkId]);
      const { provider, access_expires_at: accessExpiresAt, refresh_due_at: refreshDueAt } = row;
      return { ...toLink(row), provider, accessExpiresAt, refreshDueAt, grants };
    });
  }

  /** Ends every grant of the link; how many, undefined when this tenant has no such link. */
  revoke(
    tenantId: TenantId,
    link: { readonly id: string; readonly reason: string; readonly now: Date },
    audit: (revokedGrants: number) => AuditEntry,
  ): Promise<number | undefined> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text = 'SELECT linkbroker.revoke_link($1, $2, $3, $4) AS count';
      const [row] = await manager.query<{ count: number | null }[]>(text, [tenantId, link.id, link.reason, link.now]);
      const count = row?.count ?? undefined;
      if (count !== undefined) await appendAudit(manager, tenantId, audit(count));
      return count;
    });
  }

  /** Has the sign-in behind a link renewed at the worker's next turn; when that is, undefined where nothing renews it. */
  hasten(tenantId: TenantId, linkId: string, now: Date, audit: AuditEntry): Promise<Date | undefined> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text = 'SELECT linkbroker.hasten_refresh($1, $2, $3) AS due';
      const [row] = await manager.query<{ due: Date | null }[]>(text, [tenantId, linkId, now]);
      if (row?.due) await appendAudit(manager, tenantId, audit);
      return row?.due ?? undefined;
    });
  }
}

const COLUMNS = `l.id, k.slug AS skill, n.slug AS connector, u.state, u.last_error, u.failures, l.created_at,
  (SELECT count(*)::int FROM linkbroker.grants g WHERE g.link_id = l.id AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL) AS live_grants`;
const NAMES = `JOIN linkbroker.skills k ON k.id = l.skill_id JOIN linkbroker.connectors n ON n.id = l.connector_id`;
/** A removed skill's slug may be another's now: the one that is there is meant, else the removed one. */
const SKILL = `(SELECT s.id FROM linkbroker.skills s WHERE s.tenant_id = $1 AND s.slug = $4 ORDER BY s.removed_at NULLS FIRST LIMIT 1)`;

const page = (skill: string): string => `
SELECT ${COLUMNS}
FROM linkbroker.links l JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id ${NAMES}
WHERE l.tenant_id = $1 AND ($3::uuid IS NULL OR l.id < $3) AND ${skill}
ORDER BY l.id DESC LIMIT $2`;

/** From what is unwell, which is little, to its links: never through all links. */
const unwellPage = (skill: string): string => `
WITH unwell AS MATERIALIZED (
  SELECT u.id, u.state, u.last_error, u.failures FROM linkbroker.upstream_token_sets u
  WHERE u.connector_id IN (SELECT c.id FROM linkbroker.connectors c WHERE c.tenant_id = $1)
    AND (u.state IN ('at_risk', 'dead') OR u.failures > 0)
    AND u.state = CASE $5::text WHEN 'failing' THEN 'active' ELSE $5 END)
SELECT ${COLUMNS}
FROM unwell u JOIN linkbroker.links l ON l.token_set_id = u.id ${NAMES}
WHERE l.tenant_id = $1 AND ($3::uuid IS NULL OR l.id < $3) AND ${skill}
ORDER BY l.id DESC LIMIT $2`;

const ANY_SKILL = '$4::text IS NULL';
const THAT_SKILL = `l.skill_id = ${SKILL}`;
const PAGE = { all: page(ANY_SKILL), ofSkill: page(THAT_SKILL) };
const UNWELL_PAGE = { all: unwellPage(ANY_SKILL), ofSkill: unwellPage(THAT_SKILL) };

const ONE = `
SELECT ${COLUMNS}, n.provider, u.access_expires_at, u.refresh_due_at
FROM linkbroker.links l JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id ${NAMES}
WHERE l.tenant_id = $1 AND l.id = $2`;

const GRANTS = `
SELECT g.id, g.created_at AS "createdAt", g.code_consumed_at AS "redeemedAt", g.generation_at AS "lastRefreshedAt",
  g.generation::int AS refreshes, g.revoked_at AS "revokedAt", g.revoke_reason AS "revokeReason", g.scopes
FROM linkbroker.grants g WHERE g.tenant_id = $1 AND g.link_id = $2 ORDER BY g.id DESC LIMIT 100`;

interface LinkRow {
  readonly id: string;
  readonly skill: string;
  readonly connector: string;
  readonly state: LinkState;
  readonly last_error: string | null;
  readonly failures: number;
  readonly created_at: Date;
  readonly live_grants: number;
}

interface DetailsRow extends LinkRow {
  readonly provider: string;
  readonly access_expires_at: Date | null;
  readonly refresh_due_at: Date | null;
}

const toLink = (row: LinkRow): ListedLink => ({
  id: row.id,
  skill: row.skill,
  connector: row.connector,
  state: row.state,
  liveGrants: row.live_grants,
  lastError: row.last_error,
  failures: row.failures,
  createdAt: row.created_at,
});
