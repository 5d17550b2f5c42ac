import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Early refresh and recovery, for the worker, across tenants: what is due is claimed in batches from an index, and
 * attempts whose owner died are ended.
 * @see ADR 0004, ADR 0011
 */
export class DueTokenSets1764000000010 implements MigrationInterface {
  name = 'DueTokenSets1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FUNCTIONS);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const [signature, roles] of Object.entries(CALLERS)) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO ${roles}`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(RECOVER);
    await runner.query('REVOKE EXECUTE ON FUNCTION linkbroker.recover_token_refresh FROM PUBLIC');
    await runner.query(
      'GRANT EXECUTE ON FUNCTION linkbroker.recover_token_refresh TO linkbroker_broker, linkbroker_worker',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(CALLERS)) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    await runner.query('DROP FUNCTION linkbroker.recover_token_refresh');
  }
}

const CALLERS: Readonly<Record<string, string>> = {
  'claim_due_token_sets(timestamptz, integer, integer, interval)': 'linkbroker_worker',
  'use_token_sets(uuid[], timestamptz)': 'linkbroker_broker',
  'end_lost_attempts(timestamptz, integer)': 'linkbroker_worker',
};

const FUNCTIONS = `
-- Claims what is due, oldest first and at most p_per_connector of each connector, with its lease and journal entry. A set
-- whose claimer dies is due again in five minutes. Sets of parked connectors wait; sets that no living grant leads to are
-- not refreshed any more.
CREATE FUNCTION linkbroker.claim_due_token_sets(p_now timestamptz, p_limit integer, p_per_connector integer, p_lease interval)
RETURNS TABLE (tenant_id uuid, set_id uuid, connector_id uuid, version integer, state text, access_expires_at timestamptz,
  refresh_expires_at timestamptz, has_refresh_token boolean, set_scopes text[], updated_at timestamptz, retry_at timestamptz,
  leased boolean, sealed bytea, failures integer, fence integer, attempt_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH oldest AS MATERIALIZED (
    SELECT u.id, u.connector_id, u.refresh_due_at FROM upstream_token_sets u
    WHERE u.refresh_due_at <= p_now AND (u.lease_until IS NULL OR u.lease_until <= clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM connectors n WHERE n.id = u.connector_id AND n.parked_until > p_now)
    ORDER BY u.refresh_due_at LIMIT p_limit * 4),
  fair AS MATERIALIZED (
    SELECT id, row_number() OVER (PARTITION BY connector_id ORDER BY refresh_due_at) AS place FROM oldest),
  locked AS MATERIALIZED (
    SELECT u.id FROM upstream_token_sets u JOIN fair f ON f.id = u.id AND f.place <= p_per_connector
    WHERE u.refresh_due_at <= p_now AND (u.lease_until IS NULL OR u.lease_until <= clock_timestamp())
    ORDER BY u.refresh_due_at LIMIT p_limit FOR UPDATE OF u SKIP LOCKED),
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
    SET fence = u.fence + 1, lease_until = clock_timestamp() + p_lease, refresh_due_at = p_now + interval '5 minutes'
    FROM needed WHERE u.id = needed.id AND needed.live
    RETURNING u.*, gen_random_uuid() AS attempt_id),
  journal AS (
    INSERT INTO upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at)
    SELECT c.attempt_id, c.tenant_id, c.id, c.connector_id, c.fence, c.version, clock_timestamp() FROM claimed c)
  SELECT c.tenant_id, c.id, c.connector_id, c.version, c.state, c.access_expires_at, c.refresh_expires_at,
    c.has_refresh_token, c.scopes, c.updated_at, c.retry_at, true, c.sealed, c.failures, c.fence, c.attempt_id
  FROM claimed c
$$;

-- Notes that sets are in use: from now on they are kept fresh, not only alive.
CREATE FUNCTION linkbroker.use_token_sets(p_sets uuid[], p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  UPDATE upstream_token_sets SET last_used_at = p_now,
    refresh_due_at = CASE WHEN refresh_due_at IS NULL THEN NULL ELSE least(refresh_due_at, active_due_at) END
  WHERE id = ANY (p_sets)
$$;

-- Ends attempts whose owner is gone: what was never sent has cost nothing and is due at once; what was sent may have been
-- spent. A token of unknown fate is presented once more, as late as the access token allows, and then its link is at risk.
CREATE FUNCTION linkbroker.end_lost_attempts(p_now timestamptz, p_limit integer)
RETURNS TABLE (tenant_id uuid, token_set_id uuid, sent boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH lost AS MATERIALIZED (
    SELECT a.id, a.tenant_id, a.token_set_id, a.fence, a.version, a.sent_at IS NOT NULL AS sent
    FROM upstream_refresh_attempts a JOIN upstream_token_sets u ON u.id = a.token_set_id
    WHERE a.ended_at IS NULL AND a.began_at < clock_timestamp() - interval '15 seconds'
      AND (u.fence > a.fence OR u.lease_until IS NULL OR u.lease_until <= clock_timestamp())
    ORDER BY a.began_at LIMIT p_limit FOR UPDATE OF a SKIP LOCKED),
  ended AS (
    UPDATE upstream_refresh_attempts a SET ended_at = clock_timestamp(), outcome = CASE WHEN l.sent THEN 'unknown' ELSE 'not-sent' END
    FROM lost l WHERE a.id = l.id
    RETURNING l.tenant_id, l.token_set_id, l.sent, l.version),
  marked AS (
    UPDATE upstream_token_sets u SET lease_until = NULL,
      unknown_sends = u.unknown_sends + e.sent::integer,
      state = CASE WHEN e.sent AND u.unknown_sends >= 1 AND u.state = 'active' THEN 'at_risk' ELSE u.state END,
      retry_at = CASE WHEN e.sent THEN greatest(p_now, u.access_expires_at - interval '1 minute') ELSE NULL END,
      refresh_due_at = CASE WHEN u.refresh_due_at IS NULL THEN NULL
        WHEN e.sent THEN greatest(p_now, u.access_expires_at - interval '1 minute') ELSE p_now END
    FROM ended e WHERE u.id = e.token_set_id AND u.version = e.version AND (u.lease_until IS NULL OR u.lease_until <= clock_timestamp()))
  SELECT e.tenant_id, e.token_set_id, e.sent FROM ended e
$$;
`;

const RECOVER = `
-- Stores an answer that waited in a second place because the database could not be written: whoever holds the lease by
-- now, this is the successor of the version it was asked for. A re-link, or an answer stored before, wins.
CREATE FUNCTION linkbroker.recover_token_refresh(p_tenant uuid, p_set uuid, p_attempt uuid, p_version integer, p_scopes text[],
  p_has_refresh_token boolean, p_access_expires_at timestamptz, p_refresh_expires_at timestamptz, p_active_due_at timestamptz,
  p_dormant_due_at timestamptz, p_sealed bytea, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_stored boolean;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_token_sets AS u SET
    version = p_version, scopes = p_scopes, has_refresh_token = p_has_refresh_token, access_expires_at = p_access_expires_at,
    refresh_expires_at = p_refresh_expires_at, sealed = p_sealed, updated_at = p_now, refreshed_at = clock_timestamp(),
    fence = u.fence + 1, state = 'active', lease_until = NULL, first_terminal_at = NULL, terminal_count = 0, retry_at = NULL,
    last_error = NULL, failures = 0, unknown_sends = 0, active_due_at = p_active_due_at,
    refresh_due_at = CASE WHEN u.last_used_at > p_now - interval '7 days' THEN p_active_due_at ELSE p_dormant_due_at END
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.version = p_version - 1 AND u.state <> 'revoked';
  v_stored := FOUND;
  UPDATE linkbroker.upstream_refresh_attempts AS a
  SET ended_at = clock_timestamp(), outcome = CASE WHEN v_stored THEN 'stored' ELSE 'superseded' END
  WHERE a.id = p_attempt AND a.tenant_id = p_tenant;
  RETURN v_stored;
END $$;
`;
