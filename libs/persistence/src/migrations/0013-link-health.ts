import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many token sets are unwell, by connector: read for metrics each time they are asked for, so it must cost what is
 * unwell and not what exists. And the journal of attempts is kept for a while, not for ever.
 * @see ADR 0004, docs/operations.md
 */
export class LinkHealth1764000000013 implements MigrationInterface {
  name = 'LinkHealth1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEXES);
    await runner.query(FUNCTIONS);
    await runner.query('GRANT DELETE ON linkbroker.upstream_refresh_attempts TO linkbroker_resolver');
    await runner.query(
      'CREATE POLICY resolver_forgets ON linkbroker.upstream_refresh_attempts FOR DELETE TO linkbroker_resolver USING (true)',
    );
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const signature of SIGNATURES) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO linkbroker_worker`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of SIGNATURES) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    await runner.query('DROP POLICY resolver_forgets ON linkbroker.upstream_refresh_attempts');
    await runner.query('REVOKE DELETE ON linkbroker.upstream_refresh_attempts FROM linkbroker_resolver');
    await runner.query('DROP INDEX linkbroker.upstream_token_sets_unwell, linkbroker.upstream_refresh_attempts_age');
  }
}

const SIGNATURES = ['count_unwell_token_sets()', 'forget_refresh_attempts(timestamptz, integer)'];

const INDEXES = `
CREATE INDEX upstream_token_sets_unwell ON linkbroker.upstream_token_sets (connector_id, state)
  WHERE state IN ('at_risk', 'dead') OR failures > 0;
-- The journal is written in the order of time: a summary of its pages finds the old ones and costs writers next to nothing.
CREATE INDEX upstream_refresh_attempts_age ON linkbroker.upstream_refresh_attempts USING brin (began_at) WITH (pages_per_range = 32);
`;

const FUNCTIONS = `
-- By connector: at_risk and dead by their state; failing are those that are active and whose last attempt brought nothing.
CREATE FUNCTION linkbroker.count_unwell_token_sets()
RETURNS TABLE (tenant_slug text, connector_slug text, state text, count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT t.slug, n.slug, CASE u.state WHEN 'active' THEN 'failing' ELSE u.state END, u.count
  FROM (SELECT s.connector_id, s.state, count(*) AS count FROM upstream_token_sets s
        WHERE (s.state IN ('at_risk', 'dead') OR s.failures > 0) AND s.state <> 'revoked'
        GROUP BY s.connector_id, s.state) u
    JOIN connectors n ON n.id = u.connector_id JOIN tenants t ON t.id = n.tenant_id
  WHERE n.removed_at IS NULL
$$;

-- Removes attempts that ended and began before p_before; what is open stays however old it is.
CREATE FUNCTION linkbroker.forget_refresh_attempts(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (
    DELETE FROM upstream_refresh_attempts WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM upstream_refresh_attempts WHERE began_at < p_before AND ended_at IS NOT NULL LIMIT p_limit))
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
`;
