import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Claims that cost the same among a million sets as among ten thousand: a due row is found once and then visited by its
 * place, the statement is planned once for each connection, and the journal does not look its set up again. Only
 * functions that hold the set's row write the journal, so its foreign key proved what they had in hand, by one more
 * descent of an index for each claimed set.
 * @see ADR 0011
 */
export class ClaimsByPlace1764000000018 implements MigrationInterface {
  name = 'ClaimsByPlace1764000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE linkbroker.upstream_refresh_attempts DROP CONSTRAINT upstream_refresh_attempts_set_fk`,
    );
    await runner.query(CLAIM);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The claim works with the key too.
    await runner.query(`
      DELETE FROM linkbroker.upstream_refresh_attempts a
        WHERE NOT EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets u WHERE u.id = a.token_set_id);
      ALTER TABLE linkbroker.upstream_refresh_attempts ADD CONSTRAINT upstream_refresh_attempts_set_fk
        FOREIGN KEY (tenant_id, token_set_id) REFERENCES linkbroker.upstream_token_sets (tenant_id, id)`);
  }
}

const CLAIM = `
-- Claims what is due, of each connector that has something due the oldest, an equal share of them and at most
-- p_per_connector, with its lease and journal entry. Connectors that are parked are not looked at. A set keeps its place
-- among what is due while it is leased, and is left alone: when its claimer dies, it is end_lost_attempts that takes the
-- lease off and says when it is due. Sets that no living grant leads to are not refreshed any more.
-- A row is found once, by the index, and from then on by its place: a row that moved in the meantime is not claimed.
-- Planning takes as long as finding that nothing is due, so one plan serves every call; and since that plan cannot know
-- how few rows the limits leave, it is told the only good way: from row to row, in the order of
-- the index, and never to look at a whole table for what one row needs (OFFSET 0 keeps it from that).
CREATE OR REPLACE FUNCTION linkbroker.claim_due_token_sets(p_now timestamptz, p_limit integer, p_per_connector integer, p_lease interval)
RETURNS TABLE (tenant_id uuid, set_id uuid, connector_id uuid, version integer, state text, access_expires_at timestamptz,
  refresh_expires_at timestamptz, has_refresh_token boolean, set_scopes text[], updated_at timestamptz, retry_at timestamptz,
  leased boolean, sealed bytea, failures integer, fence integer, attempt_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH heads AS MATERIALIZED (
    SELECT n.id, d.refresh_due_at FROM connectors n CROSS JOIN LATERAL (
      SELECT u.refresh_due_at FROM upstream_token_sets u
      WHERE u.connector_id = n.id AND u.refresh_due_at <= p_now AND u.lease_until IS NULL
      ORDER BY u.refresh_due_at LIMIT 1) d
    WHERE n.parked_until IS NULL OR n.parked_until <= p_now
    ORDER BY d.refresh_due_at LIMIT p_limit),
  oldest AS MATERIALIZED (
    SELECT d.place, d.refresh_due_at FROM heads h CROSS JOIN LATERAL (
      SELECT u.ctid AS place, u.refresh_due_at FROM upstream_token_sets u
      WHERE u.connector_id = h.id AND u.refresh_due_at <= p_now AND u.lease_until IS NULL
      ORDER BY u.refresh_due_at
      LIMIT least(p_per_connector, 1 + p_limit * 2 / (SELECT greatest(count(*), 1) FROM heads))) d
    ORDER BY d.refresh_due_at),
  locked AS MATERIALIZED (
    SELECT u.id, u.ctid AS place FROM oldest o JOIN upstream_token_sets u ON u.ctid = o.place
    WHERE u.refresh_due_at <= p_now AND u.lease_until IS NULL
      -- Sent, and not known what became of it: end_lost_attempts has the first word.
      AND NOT EXISTS (SELECT 1 FROM upstream_refresh_attempts a
                      WHERE a.token_set_id = u.id AND a.fence = u.fence AND a.sent_at IS NOT NULL AND a.ended_at IS NULL OFFSET 0)
    ORDER BY o.refresh_due_at LIMIT p_limit FOR UPDATE OF u SKIP LOCKED),
  needed AS MATERIALIZED (
    SELECT k.place, EXISTS (
      SELECT 1 FROM links l JOIN grants g ON g.link_id = l.id
      WHERE l.token_set_id = k.id AND g.revoked_at IS NULL
        AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now) OFFSET 0) AS live
    FROM locked k),
  ended AS (
    UPDATE upstream_token_sets u SET refresh_due_at = NULL FROM needed WHERE u.ctid = needed.place AND NOT needed.live),
  claimed AS (
    UPDATE upstream_token_sets u
    SET fence = u.fence + 1, lease_until = clock_timestamp() + p_lease
    FROM needed WHERE u.ctid = needed.place AND needed.live
    RETURNING u.*, gen_random_uuid() AS attempt_id),
  journal AS (
    INSERT INTO upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at)
    SELECT c.attempt_id, c.tenant_id, c.id, c.connector_id, c.fence, c.version, clock_timestamp() FROM claimed c)
  SELECT c.tenant_id, c.id, c.connector_id, c.version, c.state, c.access_expires_at, c.refresh_expires_at,
    c.has_refresh_token, c.scopes, c.updated_at, c.retry_at, true, c.sealed, c.failures, c.fence, c.attempt_id
  FROM claimed c;
END $$;
`;
