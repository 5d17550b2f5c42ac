import { randomBytes } from 'node:crypto';
import { dueTokens } from './due-tokens.mjs';

/** Links written by one statement. */
const chunk = 20_000;

/** Foreign keys are not looked up while rows are loaded: what is written is right by construction. */
const PREPARE = `
SET session_replication_role = replica;
CREATE TEMP TABLE pairs AS
  SELECT (row_number() OVER (ORDER BY c.id) - 1)::int AS pair, s.tenant_id, s.id AS skill_id, c.id AS connector_id, s.scopes
  FROM linkbroker.skills s JOIN linkbroker.connectors c ON c.tenant_id = s.tenant_id;
CREATE TEMP TABLE due (n int PRIMARY KEY, id uuid NOT NULL, tenant_id uuid NOT NULL, sealed bytea)`;

/** Links came in over a year, so their ids, which begin with the time, lie in that order. */
const AGE = `interval '365 days' * (n / $1::float8 - 1)`;

/** Which skill and connector a link has: any, but the same each time it is asked. */
const PAIR = '(hashint4(n) & 2147483647) % (SELECT count(*) FROM pairs)';

/** Every so-and-so-many-th link is due, wherever the others are. */
const DUE = `
INSERT INTO due (n, id, tenant_id)
SELECT n, uuidv7(${AGE}), p.tenant_id
FROM (SELECT k * ($1::int / $2::int) + k % ($1::int / $2::int) AS n FROM generate_series(0, $2::int - 1) AS k) AS d
  JOIN pairs p ON p.pair = ${PAIR}
RETURNING id, tenant_id AS tenant`;
const SEAL = `UPDATE due SET sealed = t.sealed FROM unnest($1::uuid[], $2::bytea[]) AS t (id, sealed) WHERE due.id = t.id`;

/**
 * Completed links as the link page leaves them. What is not due has octets of the same length that nobody opens, and is
 * due some time in the next two months; three in ten are in use. The client's secret is the grant's id.
 */
const LINKS = `
WITH household AS MATERIALIZED (
  SELECT n, now() + ${AGE} AS at, coalesce(d.id, uuidv7(${AGE})) AS token_set, uuidv7(${AGE}) AS link,
    uuidv7(${AGE}) AS grant_id, substr(md5('subject ' || n), 1, 24) AS subject, d.sealed, p.*
  FROM generate_series($2::int, $3::int - 1) AS n JOIN pairs p ON p.pair = ${PAIR} LEFT JOIN due d USING (n)
), token_sets AS (
  INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, domain, scopes, has_refresh_token,
      access_expires_at, version, fence, sealed, created_at, updated_at, refreshed_at, refresh_tokens_issued,
      active_due_at, last_used_at, refresh_due_at)
  SELECT token_set, tenant_id, connector_id, subject, sha256(convert_to(subject, 'UTF8')), '{devices,offline_access}', true,
    now() + interval '1 hour', 1, 1, coalesce(sealed, substr($4::bytea, 1 + n * 61 % (length($4::bytea) - $5::int), $5::int)), at, at,
    at, 1, now() + interval '50 minutes', CASE WHEN n % 10 < 3 THEN now() - random() * interval '1 day' END,
    CASE WHEN sealed IS NULL THEN now() + interval '1 hour' + random() * interval '60 days'
      ELSE now() - random() * interval '1 hour' END
  FROM household ORDER BY n
), links AS (
  INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id, created_at)
  SELECT link, tenant_id, skill_id, connector_id, subject, token_set, at FROM household ORDER BY n
)
INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash,
    redirect_uri, scopes, secret_hash, access_secret_hash, mac_key_id, generation, generation_at)
SELECT grant_id, tenant_id, skill_id, link, at, at + interval '10 minutes', at, sha256(convert_to('code ' || grant_id, 'UTF8')),
  'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL', scopes, sha256(convert_to(grant_id::text, 'UTF8')),
  sha256(convert_to('access ' || grant_id, 'UTF8')), 1, 1, at
FROM household ORDER BY n`;

/**
 * Fills a migrated database, which is left vacuumed and analysed.
 * @param {{ client: import('pg').Client, urls: object, keys: string, links: number, due: number }} parts client: a
 *   superuser's connection of its own, not to be used for anything else
 * @returns {Promise<{ dueIds: string[] }>}
 */
export async function populate({ client, urls, keys, links, due }) {
  await client.query(PREPARE);
  const { rows } = await client.query(DUE, [links, due]);
  const sealed = await dueTokens({ url: urls.worker, keys, sets: rows });
  await client.query(SEAL, [rows.map(({ id }) => id), sealed]);
  const length = sealed[0].length;
  const octets = randomBytes(2 ** 20);
  for (let from = 0; from < links; from += chunk) {
    await client.query(LINKS, [links, from, Math.min(links, from + chunk), octets, length]);
  }
  await client.query('VACUUM (ANALYZE)');
  return { dueIds: rows.map(({ id }) => id) };
}
