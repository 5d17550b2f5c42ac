import type { MigrationInterface, QueryRunner } from 'typeorm';

const SIGNATURE = 'scan_stale_token_sets(uuid, integer, timestamptz, timestamptz)';
const HOLD = 'hold_sign_in_revocation';

/**
 * Looks through the token sets, page by page, for sign-ins that nobody needs any more. It only reads: what is done about
 * them goes through `hold_sign_in_revocation`, which counts again, as does the one who carries it out an hour later.
 * @see ADR 0012
 */
export class StaleSignIns1764000000015 implements MigrationInterface {
  name = 'StaleSignIns1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCAN);
    await runner.query(HOLD_SIGN_IN);
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${HOLD} FROM PUBLIC`);
    await runner.query(
      `GRANT EXECUTE ON FUNCTION linkbroker.${HOLD} TO linkbroker_broker, linkbroker_worker, linkbroker_admin`,
    );
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    await runner.query(`ALTER FUNCTION linkbroker.${SIGNATURE} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${SIGNATURE} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${SIGNATURE} TO linkbroker_worker, linkbroker_admin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION linkbroker.${HOLD}, linkbroker.${SIGNATURE}`);
  }
}

const SCAN = `
-- One page of the token sets after p_after, in the order of their ids. Answers those with something to say about them, and
-- always the last one of the page, from which the next begins. Everything is counted within the set's tenant and domain.
-- live: grants that Alexa can use, or whose code may still be redeemed. superseded: those of them that are older than a
-- redeemed grant of the same link and have not been used since.
CREATE FUNCTION linkbroker.scan_stale_token_sets(p_after uuid, p_limit integer, p_before timestamptz, p_now timestamptz)
RETURNS TABLE (set_id uuid, tenant_id uuid, tenant_slug text, connector_slug text, provider text, revoke_upstream text,
  live bigint, superseded bigint, ended_at timestamptz, issued bigint, asked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH page AS MATERIALIZED (
    SELECT u.id, u.tenant_id, u.connector_id, u.domain, u.state, u.updated_at FROM upstream_token_sets u
    WHERE u.id > p_after ORDER BY u.id LIMIT p_limit),
  counted AS (
    SELECT p.*, d.live, d.superseded, d.ended_at, d.issued FROM page p CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE x.live) AS live, count(*) FILTER (WHERE x.live AND x.superseded) AS superseded,
        max(x.ended_at) FILTER (WHERE NOT x.live) AS ended_at,
        (SELECT sum(o.refresh_tokens_issued) FROM upstream_token_sets o WHERE o.tenant_id = p.tenant_id AND o.domain = p.domain) AS issued
      FROM (
        SELECT g.revoked_at IS NULL AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now) AS live,
          coalesce(g.revoked_at, g.code_expires_at) AS ended_at,
          EXISTS (SELECT 1 FROM grants n WHERE n.link_id = g.link_id AND n.code_consumed_at > g.code_consumed_at
                    AND n.code_consumed_at > coalesce(g.generation_at, g.code_consumed_at)) AS superseded
        FROM upstream_token_sets o JOIN links l ON l.token_set_id = o.id AND l.tenant_id = p.tenant_id
          JOIN grants g ON g.link_id = l.id AND g.tenant_id = p.tenant_id
        WHERE o.tenant_id = p.tenant_id AND o.domain = p.domain) x) d
    WHERE p.domain IS NOT NULL AND p.state IN ('active', 'at_risk'))
  SELECT p.id, p.tenant_id, t.slug, n.slug, n.provider, n.revoke_upstream, c.live, c.superseded, c.ended_at, c.issued,
    EXISTS (SELECT 1 FROM upstream_revocations r WHERE r.tenant_id = p.tenant_id AND r.domain = p.domain
              AND (r.state IN ('held', 'running') OR r.requested_at > p_before))
  FROM page p LEFT JOIN counted c ON c.id = p.id
    JOIN connectors n ON n.id = p.connector_id JOIN tenants t ON t.id = p.tenant_id
  WHERE p.id = (SELECT id FROM page ORDER BY id DESC LIMIT 1)
    OR c.superseded > 0 OR c.issued >= 10
    OR (c.live = 0 AND coalesce(c.ended_at, c.updated_at) < p_before AND c.updated_at < p_before)
  ORDER BY p.id
$$;
`;

const HOLD_SIGN_IN = `
-- Asks for the revocation of a sign-in that nobody needs, under the same rules as at the end of a link; by its set, as a
-- link may never have been finished.
CREATE FUNCTION linkbroker.hold_sign_in_revocation(p_tenant uuid, p_set uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.upstream_revocations AS r (id, tenant_id, connector_id, token_set_id, domain, requested_at, hold_until, next_attempt_at)
    SELECT gen_random_uuid(), p_tenant, u.connector_id, u.id, u.domain, p_now, p_now + interval '1 hour', p_now + interval '1 hour'
    FROM linkbroker.upstream_token_sets AS u
      JOIN linkbroker.connectors AS n ON n.id = u.connector_id AND n.tenant_id = p_tenant
    WHERE u.id = p_set AND u.tenant_id = p_tenant AND n.revoke_upstream = 'last-link' AND u.domain IS NOT NULL
      AND u.state IN ('active', 'at_risk')
      AND NOT EXISTS (
        SELECT 1 FROM linkbroker.upstream_token_sets AS o
          JOIN linkbroker.links AS l ON l.token_set_id = o.id AND l.tenant_id = p_tenant
          JOIN linkbroker.grants AS g ON g.link_id = l.id AND g.tenant_id = p_tenant
        WHERE o.tenant_id = p_tenant AND o.domain = u.domain AND g.revoked_at IS NULL
          AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now))
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- At the end of a link: the same, of the sign-in it leads to.
CREATE OR REPLACE FUNCTION linkbroker.hold_link_revocation(p_tenant uuid, p_link uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN coalesce(linkbroker.hold_sign_in_revocation(p_tenant,
    (SELECT l.token_set_id FROM linkbroker.links AS l WHERE l.id = p_link AND l.tenant_id = p_tenant), p_now), false);
END $$;
`;
