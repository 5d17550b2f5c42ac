import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Early refresh by connector: claims look at the connectors that have something due, so that one's storm leaves room for
 * the others and what is parked is not looked at; what a claim takes stays on its page; words and results of many
 * refreshes share a statement.
 * @see ADR 0009, ADR 0011
 */
export class DueByConnector1764000000016 implements MigrationInterface {
  name = 'DueByConnector1764000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(CLAIM);
    await runner.query(SHARED);
    for (const name of SHARED_VERBS) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO linkbroker_worker`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of SHARED_VERBS) await runner.query(`DROP FUNCTION linkbroker.${name}`);
    // The claim works on either index; its order is then that of the connectors.
    await runner.query(`
      DROP INDEX linkbroker.upstream_token_sets_due_by_connector;
      CREATE INDEX upstream_token_sets_due ON linkbroker.upstream_token_sets (refresh_due_at) WHERE refresh_due_at IS NOT NULL;
      ALTER TABLE linkbroker.upstream_token_sets RESET (fillfactor);
      ALTER TABLE linkbroker.upstream_refresh_attempts RESET (fillfactor)`);
  }
}

const SHARED_VERBS = ['mark_attempts_sent', 'finish_token_refreshes'];

// A lease changes no indexed column: with room on its page it writes no index.
const TABLES = `
ALTER TABLE linkbroker.upstream_token_sets SET (fillfactor = 80);
ALTER TABLE linkbroker.upstream_refresh_attempts SET (fillfactor = 60);
CREATE INDEX upstream_token_sets_due_by_connector ON linkbroker.upstream_token_sets (connector_id, refresh_due_at)
  WHERE refresh_due_at IS NOT NULL;
DROP INDEX linkbroker.upstream_token_sets_due;
`;

const CLAIM = `
-- Claims what is due, of each connector that has something due the oldest, an equal share of them and at most
-- p_per_connector, with its lease and journal entry. Connectors that are parked are not looked at. A set keeps its place
-- among what is due while it is leased, and is left alone: when its claimer dies, it is end_lost_attempts that takes the
-- lease off and says when it is due. Sets that no living grant leads to are not refreshed any more.
CREATE OR REPLACE FUNCTION linkbroker.claim_due_token_sets(p_now timestamptz, p_limit integer, p_per_connector integer, p_lease interval)
RETURNS TABLE (tenant_id uuid, set_id uuid, connector_id uuid, version integer, state text, access_expires_at timestamptz,
  refresh_expires_at timestamptz, has_refresh_token boolean, set_scopes text[], updated_at timestamptz, retry_at timestamptz,
  leased boolean, sealed bytea, failures integer, fence integer, attempt_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH heads AS MATERIALIZED (
    SELECT n.id, d.refresh_due_at FROM connectors n CROSS JOIN LATERAL (
      SELECT u.refresh_due_at FROM upstream_token_sets u
      WHERE u.connector_id = n.id AND u.refresh_due_at <= p_now AND u.lease_until IS NULL
      ORDER BY u.refresh_due_at LIMIT 1) d
    WHERE n.parked_until IS NULL OR n.parked_until <= p_now
    ORDER BY d.refresh_due_at LIMIT p_limit),
  oldest AS MATERIALIZED (
    SELECT d.id, d.refresh_due_at FROM heads h CROSS JOIN LATERAL (
      SELECT u.id, u.refresh_due_at FROM upstream_token_sets u
      WHERE u.connector_id = h.id AND u.refresh_due_at <= p_now AND u.lease_until IS NULL
      ORDER BY u.refresh_due_at
      LIMIT least(p_per_connector, 1 + p_limit * 2 / (SELECT greatest(count(*), 1) FROM heads))) d
    ORDER BY d.refresh_due_at),
  locked AS MATERIALIZED (
    SELECT u.id FROM oldest o JOIN upstream_token_sets u ON u.id = o.id
    WHERE u.refresh_due_at <= p_now AND u.lease_until IS NULL
      -- Sent, and not known what became of it: end_lost_attempts has the first word.
      AND NOT EXISTS (SELECT 1 FROM upstream_refresh_attempts a
                      WHERE a.token_set_id = u.id AND a.fence = u.fence AND a.sent_at IS NOT NULL AND a.ended_at IS NULL)
    ORDER BY o.refresh_due_at LIMIT p_limit FOR UPDATE OF u SKIP LOCKED),
  needed AS MATERIALIZED (
    SELECT k.id, EXISTS (
      SELECT 1 FROM links l JOIN grants g ON g.link_id = l.id
      WHERE l.token_set_id = k.id AND g.revoked_at IS NULL
        AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now)) AS live
    FROM locked k),
  ended AS (
    UPDATE upstream_token_sets u SET refresh_due_at = NULL FROM needed WHERE u.id = needed.id AND NOT needed.live),
  claimed AS (
    UPDATE upstream_token_sets u
    SET fence = u.fence + 1, lease_until = clock_timestamp() + p_lease
    FROM needed WHERE u.id = needed.id AND needed.live
    RETURNING u.*, gen_random_uuid() AS attempt_id),
  journal AS (
    INSERT INTO upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at)
    SELECT c.attempt_id, c.tenant_id, c.id, c.connector_id, c.fence, c.version, clock_timestamp() FROM claimed c)
  SELECT c.tenant_id, c.id, c.connector_id, c.version, c.state, c.access_expires_at, c.refresh_expires_at,
    c.has_refresh_token, c.scopes, c.updated_at, c.retry_at, true, c.sealed, c.failures, c.fence, c.attempt_id
  FROM claimed c
$$;
`;

const SHARED = `
-- Calls the verb for each place of the arrays, each with its own tenant and under its row security, and answers in the
-- same places. A row that somebody else holds must not hold up the others: after a tenth of a second all of it is taken
-- back and the answer is null.
CREATE FUNCTION linkbroker.mark_attempts_sent(p_tenants uuid[], p_sets uuid[], p_fences integer[], p_attempts uuid[])
RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE v_done boolean[];
BEGIN
  PERFORM set_config('lock_timeout', '100ms', true);
  FOR i IN 1 .. cardinality(p_attempts) LOOP
    v_done[i] := linkbroker.mark_attempt_sent(p_tenants[i], p_sets[i], p_fences[i], p_attempts[i]);
  END LOOP;
  RETURN v_done;
EXCEPTION WHEN lock_not_available THEN
  RETURN NULL;
END $$;
CREATE FUNCTION linkbroker.finish_token_refreshes(p_tenants uuid[], p_sets uuid[], p_fences integer[], p_attempts uuid[],
  p_versions integer[], p_scopes text[], p_have_refresh_tokens boolean[], p_access_expire_at timestamptz[],
  p_refresh_expire_at timestamptz[], p_active_due_at timestamptz[], p_dormant_due_at timestamptz[], p_sealed bytea[], p_now timestamptz[])
RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE v_done boolean[];
BEGIN
  PERFORM set_config('lock_timeout', '100ms', true);
  FOR i IN 1 .. cardinality(p_attempts) LOOP
    v_done[i] := linkbroker.finish_token_refresh(p_tenants[i], p_sets[i], p_fences[i], p_attempts[i], p_versions[i],
      string_to_array(p_scopes[i], ' '), p_have_refresh_tokens[i], p_access_expire_at[i], p_refresh_expire_at[i],
      p_active_due_at[i], p_dormant_due_at[i], p_sealed[i], p_now[i]);
  END LOOP;
  RETURN v_done;
EXCEPTION WHEN lock_not_available THEN
  RETURN NULL;
END $$;
`;
