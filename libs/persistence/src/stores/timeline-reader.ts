import type { TenantId, TimelineEntry } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

/** What to look for. Everything given must fit. */
export interface TimelineQuery {
  readonly reference?: string;
  readonly skillId?: string;
  readonly stateFingerprint?: string;
  /** One of Alexa's users, as entries name him, and what he has linked: all of that is found. */
  readonly alexaUser?: { readonly name: string; readonly linkIds: readonly string[] };
  readonly name?: string;
  readonly outcome?: string;
  readonly from?: Date;
  /** ISO 8601, to the microsecond; not included. A page names what to give for the one before it. */
  readonly before?: string;
}

/** Entries that were looked for, oldest first. */
export interface TimelinePage {
  readonly entries: readonly TimelineEntry[];
  /** For the page before this one; null where there is none. */
  readonly before: string | null;
}

/** What a timeline's link is about. */
export interface TimelineLink {
  readonly id: string;
  readonly skillId: string;
  readonly skill: string;
  readonly connector: string;
  readonly provider: string;
  readonly createdAt: Date;
  /** Of the sign-in at the provider. */
  readonly state: string;
  /** Grants that Alexa can use. */
  readonly liveGrants: number;
}

/** What a timeline's skill is, as far as it explains anything. */
export interface TimelineSkill {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** Alexa's own id of it. */
  readonly alexaSkillId: string | null;
  readonly clientId: string | null;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly accessTokenTtl: number;
  readonly connectors: readonly {
    readonly slug: string;
    readonly provider: string;
    readonly issuer: string | null;
    readonly endpoints: Readonly<Record<string, string>>;
    readonly parameters: Readonly<Record<string, string>>;
    readonly clientId: string;
    readonly scopes: readonly string[];
  }[];
  /** Whether it has Alexa's permission for events. */
  readonly sendsEvents: boolean;
  /** The address of the existing server's authorization page, where the skill is a relay. */
  readonly relayAuthorizationUrl: string | null;
}

/** Reads timelines as their tenant. */
export class TimelineReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Whose a reference or link is; undefined when nobody's timeline knows it. */
  async resolve(found: { readonly reference?: string; readonly linkId?: string }): Promise<TenantId | undefined> {
    const [row] = await this.dataSource.query<{ tenant: TenantId | null }[]>(
      'SELECT linkbroker.resolve_timeline($1, $2) AS tenant',
      [found.reference ?? null, found.linkId ?? null],
    );
    return row?.tenant ?? undefined;
  }

  /** The link, undefined when this tenant has no such one. */
  async link(tenantId: TenantId, linkId: string): Promise<TimelineLink | undefined> {
    const [row] = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<TimelineLink[]>(LINK, [linkId, tenantId]),
    );
    return row;
  }

  /** The skill, also one that was removed. */
  skill(tenantId: TenantId, skillId: string): Promise<TimelineSkill | undefined> {
    return this.findSkill(tenantId, [skillId, null]);
  }

  skillBySlug(tenantId: TenantId, slug: string): Promise<TimelineSkill | undefined> {
    return this.findSkill(tenantId, [null, slug]);
  }

  private async findSkill(
    tenantId: TenantId,
    [id, slug]: readonly [string | null, string | null],
  ): Promise<TimelineSkill | undefined> {
    const [row] = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<TimelineSkill[]>(SKILL, [tenantId, id, slug]),
    );
    return row;
  }

  /**
   * The newest `limit` entries of a link, oldest first: what named it, the attempts that led to it, its sign-in at the
   * provider with the refreshes of the journal, and what webhooks were told of it.
   */
  async ofLink(tenantId: TenantId, linkId: string, limit: number): Promise<TimelineEntry[]> {
    const rows = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<Row[]>(OF_LINK, [linkId, tenantId, limit]),
    );
    return rows.map(toEntry).reverse();
  }

  /** What one of Alexa's users has linked, by the keyed fingerprint of his id; the newest first, at most 20. */
  async linksOfAlexaUser(tenantId: TenantId, user: Buffer): Promise<string[]> {
    const rows = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<{ linkId: string }[]>(OF_ALEXA_USER, [tenantId, user]),
    );
    return rows.map(({ linkId }) => linkId);
  }

  /** The newest `limit` entries that fit, and more where the last ones came at the same moment. */
  async search(tenantId: TenantId, query: TimelineQuery, limit: number): Promise<TimelinePage> {
    const { reference, skillId, stateFingerprint, name, outcome, from, before, alexaUser } = query;
    const asked = [reference, skillId, stateFingerprint, name, outcome, from, before];
    const fits = [...asked, alexaUser?.name, alexaUser?.linkIds].map((value) => value ?? null);
    const rows = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<(Row & { readonly moment: string })[]>(SEARCH, [tenantId, limit, ...fits]),
    );
    const last = rows.length < limit ? undefined : rows.at(-1);
    return { entries: rows.map(({ moment: _, ...row }) => toEntry(row)).reverse(), before: last?.moment ?? null };
  }
}

const COLUMNS = `e.at, e.name, e.skill_id AS "skillId", e.link_id AS "linkId", e.grant_id AS "grantId",
  e.token_set_id AS "tokenSetId", e.reference, e.connector, e.outcome, e.status, e.ms, e.detail, e.figures, e.data`;

const LINK = `
SELECT l.id, l.skill_id AS "skillId", k.slug AS skill, n.slug AS connector, n.provider, l.created_at AS "createdAt", u.state,
  (SELECT count(*)::int FROM linkbroker.grants g
    WHERE g.link_id = l.id AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL) AS "liveGrants"
FROM linkbroker.links l JOIN linkbroker.upstream_token_sets u ON u.id = l.token_set_id
  JOIN linkbroker.skills k ON k.id = l.skill_id JOIN linkbroker.connectors n ON n.id = l.connector_id
WHERE l.id = $1 AND l.tenant_id = $2`;

const SKILL = `
SELECT k.id, k.slug, k.name, k.alexa_skill_id AS "alexaSkillId", k.redirect_uris AS "redirectUris",
  k.grant_types AS "grantTypes", k.scopes, k.events IS NOT NULL AS "sendsEvents", k.access_token_ttl AS "accessTokenTtl", k.relay ->> 'authorizationUrl' AS "relayAuthorizationUrl",
  (SELECT c.client_id FROM linkbroker.clients c WHERE c.skill_id = k.id AND c.kind = 'alexa') AS "clientId",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('slug', n.slug, 'provider', n.provider, 'issuer', n.issuer,
      'endpoints', n.endpoints, 'parameters', n.parameters, 'clientId', n.client_id, 'scopes', n.scopes) ORDER BY sc.position), '[]')
    FROM linkbroker.skill_connectors sc JOIN linkbroker.connectors n ON n.id = sc.connector_id WHERE sc.skill_id = k.id) AS connectors
FROM linkbroker.skills k
WHERE k.tenant_id = $1 AND ($2::uuid IS NULL OR k.id = $2) AND ($3::text IS NULL OR k.slug = $3)
ORDER BY k.removed_at NULLS FIRST LIMIT 1`;

const OF_ALEXA_USER = `
SELECT u.link_id AS "linkId" FROM linkbroker.alexa_users u WHERE u.tenant_id = $1 AND u.user_hash = $2
GROUP BY u.link_id ORDER BY max(u.linked_at) DESC LIMIT 20`;

const OF_LINK = `
WITH own AS (SELECT id, token_set_id, connector_id FROM linkbroker.links WHERE id = $1 AND tenant_id = $2),
tried AS (
  SELECT DISTINCT reference FROM linkbroker_timeline.entries WHERE link_id = $1 AND reference IS NOT NULL)
SELECT * FROM (
  SELECT ${COLUMNS} FROM linkbroker_timeline.entries e WHERE e.link_id = $1
  UNION ALL
  SELECT ${COLUMNS} FROM tried JOIN linkbroker_timeline.entries e ON e.reference = tried.reference WHERE e.link_id IS NULL
  UNION ALL
  SELECT ${COLUMNS} FROM own JOIN linkbroker_timeline.entries e ON e.token_set_id = own.token_set_id WHERE e.link_id IS NULL
  UNION ALL
  SELECT a.ended_at, 'upstream.refreshed', NULL, NULL, NULL, a.token_set_id, NULL, n.slug, a.outcome, NULL,
    round(extract(epoch FROM a.ended_at - a.began_at) * 1000)::real, NULL, NULL, NULL
  FROM own JOIN linkbroker.upstream_refresh_attempts a ON a.token_set_id = own.token_set_id
    JOIN linkbroker.connectors n ON n.id = own.connector_id
  WHERE a.ended_at IS NOT NULL AND a.outcome IN ('stored', 'superseded')
  UNION ALL
  SELECT coalesce(d.ended_at, e.occurred_at), 'webhook.' || e.type, e.skill_id, e.link_id, NULL, NULL, NULL, NULL, d.state,
    d.last_status, NULL, d.last_error, jsonb_build_object('attempts', d.attempts), NULL
  FROM own JOIN linkbroker.events e ON e.link_id = own.id AND e.tenant_id = $2
    JOIN linkbroker.event_deliveries d ON d.event_id = e.id
) AS entry ORDER BY at DESC LIMIT $3`;

const SEARCH = `
SELECT ${COLUMNS}, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS moment
FROM linkbroker_timeline.entries e
WHERE e.tenant_id = $1 AND ($3::text IS NULL OR e.reference = $3) AND ($4::uuid IS NULL OR e.skill_id = $4)
  AND ($5::text IS NULL OR e.state_fingerprint = $5) AND ($6::text IS NULL OR e.name = $6)
  AND ($7::text IS NULL OR e.outcome = $7) AND ($8::timestamptz IS NULL OR e.at >= $8)
  AND ($9::timestamptz IS NULL OR e.at < $9)
  AND ($10::text IS NULL OR e.alexa_user = $10 OR e.link_id = ANY ($11::uuid[]))
  AND (e.outcome IS DISTINCT FROM 'rotated' OR $7 = 'rotated')
ORDER BY e.at DESC FETCH FIRST $2 ROWS WITH TIES`;

type Row = Omit<TimelineEntry, 'figures' | 'data'> & {
  readonly figures: TimelineEntry['figures'] | null;
  readonly data: TimelineEntry['data'] | null;
};

const toEntry = (row: Row): TimelineEntry => ({ ...row, figures: row.figures ?? {}, data: row.data ?? {} });
