import type { TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

/** How refreshes at providers ended. */
export interface Refreshes {
  readonly good: number;
  /** Brought nothing, and lost nothing. */
  readonly retried: number;
  /** May have cost the sign-in. */
  readonly lost: number;
}

/** How linking went since some time, and what is not well now. */
export interface Overview {
  readonly funnel: Readonly<Record<'started' | 'redirected' | 'identified' | 'codes' | 'linked', number>>;
  readonly linksByHour: readonly { readonly hour: Date; readonly links: number }[];
  readonly tokenAnswers: {
    readonly count: number;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly slowest: number | null;
    readonly late: number;
  };
  readonly answersByHour: readonly {
    readonly hour: Date;
    readonly count: number;
    readonly p95: number | null;
    readonly slowest: number | null;
  }[];
  readonly refreshes: readonly (Refreshes & { readonly connector: string })[];
  readonly refreshesByHour: readonly (Refreshes & { readonly hour: Date })[];
  readonly troubles: readonly { readonly name: string; readonly outcome: string | null; readonly count: number }[];
  readonly unwell: readonly {
    readonly connector: string;
    readonly state: 'failing' | 'at_risk' | 'dead';
    readonly count: number;
  }[];
  readonly deadDeliveries: number;
}

/** Names of entries that tell of trouble by themselves. */
const TROUBLES = [
  'authorize.refused',
  'callback.without_cookie',
  'callback.refused',
  'upstream.failed',
  'upstream.no_refresh_token',
  'client.refused',
  'code.refused',
  'code.replayed',
  'grant.refused',
  'exchange.refused',
  'upstream.refresh_failed',
  'upstream.at_risk',
  'upstream.dead',
  'relay.failed',
  'accept_grant.failed',
  'event_grant.refresh_failed',
  'alexa_event.failed',
  'event.delivery_failed',
];

/** What a tenant sees first. It looks at the entries of some hours, and at what is unwell: not at what exists. */
export class OverviewStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @param lateMs an answer that took longer is late */
  read(tenantId: TenantId, since: Date, now: Date, lateMs: number): Promise<Overview> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const one = <Row>(text: string, values: readonly unknown[]): Promise<Row> => first<Row>(manager, text, values);
      const span = [tenantId, since];
      return {
        funnel: await one(FUNNEL, span),
        linksByHour: await manager.query(BY_HOUR, [...span, now]),
        tokenAnswers: await one(TOKEN_ANSWERS, [...span, lateMs]),
        answersByHour: await manager.query(ANSWERS_BY_HOUR, [...span, now]),
        refreshes: await manager.query(REFRESHES, span),
        refreshesByHour: await manager.query(REFRESHES_BY_HOUR, [...span, now]),
        troubles: await manager.query(TROUBLE, [...span, TROUBLES]),
        unwell: await manager.query(UNWELL, [tenantId]),
        deadDeliveries: (await one<{ count: number }>(DEAD_DELIVERIES, [tenantId])).count,
      };
    });
  }
}

async function first<Row>(manager: EntityManager, text: string, values: readonly unknown[]): Promise<Row> {
  const [row] = await manager.query<Row[]>(text, [...values]);
  if (!row) throw new Error('an aggregate has one row');
  return row;
}

/** Renewals that went well are by far the most entries, and have an index without them. */
const ENTRIES = `FROM linkbroker_timeline.entries e
WHERE e.tenant_id = $1 AND e.at >= $2 AND e.outcome IS DISTINCT FROM 'rotated'`;
const LINKED = `e.name = 'token.answered' AND e.outcome = 'issued'`;

const FUNNEL = `
SELECT count(DISTINCT e.reference) FILTER (WHERE e.name = 'authorize.started')::int AS started,
  count(DISTINCT e.reference) FILTER (WHERE e.name = 'upstream.redirected')::int AS redirected,
  count(DISTINCT e.reference) FILTER (WHERE e.name = 'upstream.identified')::int AS identified,
  count(*) FILTER (WHERE e.name = 'code.issued')::int AS codes,
  count(*) FILTER (WHERE ${LINKED})::int AS linked
${ENTRIES}`;

const HOURS = `generate_series(date_trunc('hour', $2::timestamptz), date_trunc('hour', $3::timestamptz), interval '1 hour') AS h`;

const BY_HOUR = `
SELECT h AS hour, count(e.at)::int AS links
FROM ${HOURS}
  LEFT JOIN (SELECT e.at ${ENTRIES} AND ${LINKED}) AS e ON date_trunc('hour', e.at) = h
GROUP BY h ORDER BY h`;

const TOKEN_ANSWERS = `
SELECT count(*)::int AS count, percentile_disc(0.5) WITHIN GROUP (ORDER BY e.ms) AS p50,
  percentile_disc(0.95) WITHIN GROUP (ORDER BY e.ms) AS p95, max(e.ms) AS slowest,
  count(*) FILTER (WHERE e.ms > $3)::int AS late
${ENTRIES} AND e.name = 'token.answered' AND e.ms IS NOT NULL`;

const ANSWERS_BY_HOUR = `
SELECT h AS hour, count(e.ms)::int AS count, percentile_disc(0.95) WITHIN GROUP (ORDER BY e.ms) AS p95, max(e.ms) AS slowest
FROM ${HOURS}
  LEFT JOIN (SELECT e.at, e.ms ${ENTRIES} AND e.name = 'token.answered' AND e.ms IS NOT NULL) AS e ON date_trunc('hour', e.at) = h
GROUP BY h ORDER BY h`;

const ENDED = `
  coalesce(sum(r.count) FILTER (WHERE r.bucket IN ('refreshed', 'superseded', 'kept')), 0)::int AS good,
  coalesce(sum(r.count) FILTER (WHERE r.bucket IN ('not_sent', 'transient', 'misconfigured')), 0)::int AS retried,
  coalesce(sum(r.count) FILTER (WHERE r.bucket IN ('refused', 'dead', 'unknown', 'unstored')), 0)::int AS lost`;

const REFRESHES = `
SELECT n.slug AS connector, ${ENDED}
FROM linkbroker.upstream_refresh_hours r JOIN linkbroker.connectors n ON n.id = r.connector_id
WHERE r.tenant_id = $1 AND r.hour >= date_trunc('hour', $2::timestamptz)
GROUP BY n.slug ORDER BY n.slug`;

const REFRESHES_BY_HOUR = `
SELECT h AS hour, ${ENDED}
FROM ${HOURS} LEFT JOIN linkbroker.upstream_refresh_hours r ON r.tenant_id = $1 AND r.hour = h
GROUP BY h ORDER BY h`;

const TROUBLE = `
SELECT e.name, e.outcome, count(*)::int AS count
${ENTRIES} AND e.name = ANY ($3::text[])
GROUP BY e.name, e.outcome ORDER BY 3 DESC, 1, 2 LIMIT 12`;

const UNWELL = `
SELECT n.slug AS connector, CASE u.state WHEN 'active' THEN 'failing' ELSE u.state END AS state, count(*)::int AS count
FROM linkbroker.connectors n JOIN linkbroker.upstream_token_sets u ON u.connector_id = n.id
WHERE n.tenant_id = $1 AND n.removed_at IS NULL AND (u.state IN ('at_risk', 'dead') OR u.failures > 0) AND u.state <> 'revoked' AND NOT u.staged
GROUP BY 1, 2 ORDER BY 1, 2`;

const DEAD_DELIVERIES = `
SELECT count(*)::int AS count FROM (
  SELECT 1 FROM linkbroker.event_deliveries d WHERE d.tenant_id = $1 AND d.state = 'dead' LIMIT 10000) AS dead`;
