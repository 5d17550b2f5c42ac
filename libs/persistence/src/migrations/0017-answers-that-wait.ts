import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A token that was sent is not presented again before its attempt has been ended: its answer may wait in a second place,
 * or in a process that stands still. What was stored stays told as stored, and use does not pull a set forward that is to
 * be left alone.
 * @see ADR 0011
 */
export class AnswersThatWait1764000000017 implements MigrationInterface {
  name = 'AnswersThatWait1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEX);
    await runner.query(LEASE);
    await runner.query(RECOVER);
    await runner.query(USE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION linkbroker.lease_token_set, linkbroker.recover_token_refresh, linkbroker.use_token_sets;
      DROP INDEX linkbroker.upstream_refresh_attempts_unended;
      CREATE INDEX upstream_refresh_attempts_open ON linkbroker.upstream_refresh_attempts (began_at) WHERE ended_at IS NULL`);
  }
}

/** What is open is little: it is found by its set for a lease, and read whole by who looks for lost attempts. */
const INDEX = `
CREATE INDEX upstream_refresh_attempts_unended ON linkbroker.upstream_refresh_attempts (token_set_id) WHERE ended_at IS NULL;
DROP INDEX linkbroker.upstream_refresh_attempts_open;
`;

const LEASE = `
CREATE OR REPLACE FUNCTION linkbroker.lease_token_set(p_tenant uuid, p_set uuid, p_version integer, p_attempt uuid, p_lease interval, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v_fence integer; v_connector uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_token_sets AS u SET fence = u.fence + 1, lease_until = clock_timestamp() + p_lease
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.version = p_version AND u.state IN ('active', 'at_risk')
    AND (u.lease_until IS NULL OR u.lease_until <= clock_timestamp()) AND (u.retry_at IS NULL OR u.retry_at <= p_now)
    AND NOT EXISTS (SELECT 1 FROM linkbroker.upstream_refresh_attempts AS a
                    WHERE a.tenant_id = p_tenant AND a.token_set_id = p_set AND a.fence = u.fence
                      AND a.sent_at IS NOT NULL AND a.ended_at IS NULL)
  RETURNING u.fence, u.connector_id INTO v_fence, v_connector;
  IF v_fence IS NOT NULL THEN
    INSERT INTO linkbroker.upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at)
    VALUES (p_attempt, p_tenant, p_set, v_connector, v_fence, p_version, clock_timestamp());
  END IF;
  RETURN v_fence;
END $$;
`;

const RECOVER = `
CREATE OR REPLACE FUNCTION linkbroker.recover_token_refresh(p_tenant uuid, p_set uuid, p_attempt uuid, p_version integer, p_scopes text[],
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
  WHERE a.id = p_attempt AND a.tenant_id = p_tenant AND (v_stored OR a.ended_at IS NULL);
  RETURN v_stored;
END $$;
`;

const USE = `
CREATE OR REPLACE FUNCTION linkbroker.use_token_sets(p_sets uuid[], p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  UPDATE upstream_token_sets SET last_used_at = p_now,
    refresh_due_at = CASE WHEN refresh_due_at IS NULL THEN NULL
      WHEN failures = 0 AND unknown_sends = 0 AND retry_at IS NULL THEN least(refresh_due_at, active_due_at)
      ELSE refresh_due_at END
  WHERE id = ANY (p_sets)
$$;
`;
