import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The verbs around upstream token sets: finding them with a presented token in one round trip, leasing and journalling
 * their refreshes, storing what came back where the fence still matches. Each takes the tenant first and runs with the
 * caller's rights.
 * @see ADR 0004, ADR 0011
 */
export class UpstreamFunctions1764000000007 implements MigrationInterface {
  name = 'UpstreamFunctions1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP FUNCTION linkbroker.find_connector, linkbroker.find_token_set, linkbroker.store_token_set',
    );
    await runner.query(TOKEN_SETS);
    await runner.query(REFRESH);
    await runner.query(HANDED_OUT);
    for (const name of [...BOTH, ...BROKER_ONLY]) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO linkbroker_broker`);
    }
    for (const name of BOTH) await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO linkbroker_worker`);
    await runner.query(
      'GRANT EXECUTE ON FUNCTION linkbroker.find_data_keys, linkbroker.add_data_key TO linkbroker_worker',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [...BOTH, ...BROKER_ONLY]) await runner.query(`DROP FUNCTION linkbroker.${name}`);
  }
}

const BOTH = [
  'find_connector',
  'find_upstream_tokens',
  'lease_token_set',
  'mark_attempt_sent',
  'finish_token_refresh',
  'fail_token_refresh',
];
const BROKER_ONLY = [
  'find_token_set',
  'find_sibling_token_set',
  'store_token_set',
  'find_granted_tokens',
  'hand_out_token',
  'find_handed_out_token',
];

const TOKEN_SETS = `
CREATE FUNCTION linkbroker.find_connector(p_tenant uuid, p_connector uuid, p_removed_too boolean DEFAULT false)
RETURNS TABLE (id uuid, tenant_slug text, slug text, name text, provider text, issuer text, client_id text,
  client_secret bytea, scopes text[], endpoints jsonb, parameters jsonb, revoke_upstream text)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT n.id, t.slug, n.slug, n.name, n.provider, n.issuer, n.client_id, n.client_secret, n.scopes,
      n.endpoints, n.parameters, n.revoke_upstream
    FROM linkbroker.connectors AS n JOIN linkbroker.tenants AS t ON t.id = n.tenant_id
    WHERE n.id = p_connector AND n.tenant_id = p_tenant AND (p_removed_too OR n.removed_at IS NULL);
END $$;

CREATE FUNCTION linkbroker.find_token_set(p_tenant uuid, p_connector uuid, p_subject text)
RETURNS TABLE (id uuid, version integer, scopes text[], has_refresh_token boolean, access_expires_at timestamptz,
  refresh_expires_at timestamptz, state text, sealed bytea)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT u.id, u.version, u.scopes, u.has_refresh_token, u.access_expires_at, u.refresh_expires_at, u.state, u.sealed
    FROM linkbroker.upstream_token_sets AS u
    WHERE u.tenant_id = p_tenant AND u.connector_id = p_connector AND u.subject = p_subject;
END $$;

-- Another connector's set of the same tenant and revocation domain, with a refresh token that works as far as known.
CREATE FUNCTION linkbroker.find_sibling_token_set(p_tenant uuid, p_domain bytea, p_connector uuid)
RETURNS TABLE (id uuid, version integer, scopes text[], has_refresh_token boolean, access_expires_at timestamptz,
  refresh_expires_at timestamptz, state text, sealed bytea)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT u.id, u.version, u.scopes, u.has_refresh_token, u.access_expires_at, u.refresh_expires_at, u.state, u.sealed
    FROM linkbroker.upstream_token_sets AS u
    WHERE u.tenant_id = p_tenant AND u.domain = p_domain AND u.connector_id <> p_connector
      AND u.has_refresh_token AND u.state = 'active'
    ORDER BY u.updated_at DESC LIMIT 1;
END $$;

-- Writes version p_version of a set where the row is the one it was sealed for. Its fence moves, so that a refresh that
-- began before cannot overwrite it. Answers the refresh tokens issued in the tenant's sets of that domain; null when
-- another writer was first.
CREATE FUNCTION linkbroker.store_token_set(p_tenant uuid, p_id uuid, p_connector uuid, p_subject text, p_domain bytea,
  p_version integer, p_scopes text[], p_has_refresh_token boolean, p_access_expires_at timestamptz,
  p_refresh_expires_at timestamptz, p_fresh_refresh_token boolean, p_active_due_at timestamptz, p_dormant_due_at timestamptz,
  p_sealed bytea, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.upstream_token_sets AS u (id, tenant_id, connector_id, subject, domain, scopes, has_refresh_token,
      access_expires_at, refresh_expires_at, version, fence, sealed, updated_at, refresh_tokens_issued, active_due_at, refresh_due_at)
    VALUES (p_id, p_tenant, p_connector, p_subject, p_domain, p_scopes, p_has_refresh_token, p_access_expires_at,
      p_refresh_expires_at, p_version, 1, p_sealed, p_now, p_fresh_refresh_token::integer, p_active_due_at, p_dormant_due_at)
    ON CONFLICT ON CONSTRAINT upstream_token_sets_subject_key DO UPDATE SET
      domain = excluded.domain, scopes = excluded.scopes, has_refresh_token = excluded.has_refresh_token,
      access_expires_at = excluded.access_expires_at, refresh_expires_at = excluded.refresh_expires_at,
      version = excluded.version, fence = u.fence + 1, sealed = excluded.sealed, updated_at = excluded.updated_at,
      state = 'active', lease_until = NULL, first_terminal_at = NULL, terminal_count = 0, retry_at = NULL, last_error = NULL,
      failures = 0, unknown_sends = 0, active_due_at = excluded.active_due_at,
      refresh_due_at = CASE WHEN u.last_used_at > p_now - interval '7 days' THEN p_active_due_at ELSE p_dormant_due_at END,
      refresh_tokens_issued = u.refresh_tokens_issued + excluded.refresh_tokens_issued
    WHERE u.id = excluded.id AND u.version = excluded.version - 1;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN (SELECT sum(u.refresh_tokens_issued) FROM linkbroker.upstream_token_sets AS u
          WHERE u.tenant_id = p_tenant AND u.domain = p_domain);
END $$;
`;

const REFRESH = `
-- A set with what a refresh must know of it.
CREATE FUNCTION linkbroker.find_upstream_tokens(p_tenant uuid, p_set uuid)
RETURNS TABLE (set_id uuid, connector_id uuid, version integer, state text, access_expires_at timestamptz,
  refresh_expires_at timestamptz, has_refresh_token boolean, set_scopes text[], updated_at timestamptz, retry_at timestamptz,
  leased boolean, sealed bytea)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT u.id, u.connector_id, u.version, u.state, u.access_expires_at, u.refresh_expires_at,
      u.has_refresh_token, u.scopes, u.updated_at, u.retry_at, coalesce(u.lease_until > clock_timestamp(), false), u.sealed
    FROM linkbroker.upstream_token_sets AS u WHERE u.id = p_set AND u.tenant_id = p_tenant;
END $$;

-- Takes the lease of one version of a set and opens the journal entry, in one commit; null when another holds it, the set
-- has moved on, or it is to be left alone after a failure that the caller had not read yet. The commit also proves that the store can be written.
CREATE FUNCTION linkbroker.lease_token_set(p_tenant uuid, p_set uuid, p_version integer, p_attempt uuid, p_lease interval, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v_fence integer; v_connector uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_token_sets AS u SET fence = u.fence + 1, lease_until = clock_timestamp() + p_lease
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.version = p_version AND u.state IN ('active', 'at_risk')
    AND (u.lease_until IS NULL OR u.lease_until <= clock_timestamp()) AND (u.retry_at IS NULL OR u.retry_at <= p_now)
  RETURNING u.fence, u.connector_id INTO v_fence, v_connector;
  IF v_fence IS NOT NULL THEN
    INSERT INTO linkbroker.upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at)
    VALUES (p_attempt, p_tenant, p_set, v_connector, v_fence, p_version, clock_timestamp());
  END IF;
  RETURN v_fence;
END $$;

-- The last word before the socket: the lease is still ours and the store can be written. From here on the outcome is
-- unknown until the attempt ends.
CREATE FUNCTION linkbroker.mark_attempt_sent(p_tenant uuid, p_set uuid, p_fence integer, p_attempt uuid)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_refresh_attempts AS a SET sent_at = clock_timestamp()
  WHERE a.id = p_attempt AND a.tenant_id = p_tenant AND a.ended_at IS NULL
    AND EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets AS u
                WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.fence = p_fence AND u.lease_until > clock_timestamp());
  RETURN FOUND;
END $$;

-- Stores what came back where the fence still matches and gives the lease back.
CREATE FUNCTION linkbroker.finish_token_refresh(p_tenant uuid, p_set uuid, p_fence integer, p_attempt uuid, p_version integer,
  p_scopes text[], p_has_refresh_token boolean, p_access_expires_at timestamptz, p_refresh_expires_at timestamptz,
  p_active_due_at timestamptz, p_dormant_due_at timestamptz, p_sealed bytea, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_stored boolean;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_token_sets AS u SET
    version = p_version, scopes = p_scopes, has_refresh_token = p_has_refresh_token, access_expires_at = p_access_expires_at,
    refresh_expires_at = p_refresh_expires_at, sealed = p_sealed, updated_at = p_now, refreshed_at = clock_timestamp(),
    state = 'active', lease_until = NULL, first_terminal_at = NULL, terminal_count = 0, retry_at = NULL, last_error = NULL,
    failures = 0, unknown_sends = 0, active_due_at = p_active_due_at,
    refresh_due_at = CASE WHEN u.last_used_at > p_now - interval '7 days' THEN p_active_due_at ELSE p_dormant_due_at END
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.fence = p_fence AND u.version = p_version - 1;
  v_stored := FOUND;
  UPDATE linkbroker.upstream_refresh_attempts AS a
  SET ended_at = clock_timestamp(), outcome = CASE WHEN v_stored THEN 'stored' ELSE 'superseded' END
  WHERE a.id = p_attempt AND a.tenant_id = p_tenant;
  RETURN v_stored;
END $$;

-- Ends an attempt that brought nothing and gives the lease back.
-- A terminal answer is evidence, not a verdict: the set is dead only on a second one, at least six hours after the first or
-- after its access token ran out, and not while every other set of the connector that was tried since then failed as well.
-- A burst of terminal answers (twenty sets in an hour, or three and more than one in a hundred) parks the connector, and
-- then nothing dies. So does an answer that our own credentials are wrong. The grants of a dead set end with it.
CREATE FUNCTION linkbroker.fail_token_refresh(p_tenant uuid, p_set uuid, p_fence integer, p_attempt uuid, p_outcome text,
  p_error_code text, p_retry_at timestamptz, p_due_at timestamptz, p_now timestamptz)
RETURNS TABLE (state text, parked text) LANGUAGE plpgsql AS $$
DECLARE v_set linkbroker.upstream_token_sets; v_burst bigint;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_refresh_attempts AS a
  SET ended_at = clock_timestamp(), outcome = p_outcome, error_code = p_error_code
  WHERE a.id = p_attempt AND a.tenant_id = p_tenant;
  UPDATE linkbroker.upstream_token_sets AS u SET lease_until = NULL, retry_at = p_retry_at, last_error = p_error_code,
    refresh_due_at = p_due_at, failures = u.failures + 1,
    terminal_count = u.terminal_count + (p_outcome = 'terminal')::integer,
    first_terminal_at = CASE WHEN p_outcome = 'terminal' THEN coalesce(u.first_terminal_at, p_now) ELSE u.first_terminal_at END,
    state = CASE WHEN p_outcome = 'terminal' THEN 'at_risk' ELSE u.state END
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.fence = p_fence
  RETURNING u.* INTO v_set;
  state := v_set.state;
  IF p_outcome = 'misconfigured' THEN parked := 'misconfigured'; END IF;
  IF p_outcome = 'terminal' THEN
    SELECT count(DISTINCT a.token_set_id) INTO v_burst FROM linkbroker.upstream_refresh_attempts AS a
    WHERE a.connector_id = v_set.connector_id AND a.tenant_id = p_tenant AND a.outcome = 'terminal'
      AND a.ended_at > clock_timestamp() - interval '1 hour';
    IF v_burst >= 20 OR (v_burst >= 3 AND v_burst * 100 > (SELECT count(*) FROM linkbroker.upstream_token_sets AS o
        WHERE o.tenant_id = p_tenant AND o.connector_id = v_set.connector_id)) THEN
      parked := 'burst';
    ELSIF v_set.terminal_count >= 2 AND v_set.first_terminal_at <= p_now - interval '20 seconds'
      AND (v_set.first_terminal_at <= p_now - interval '6 hours' OR v_set.access_expires_at <= p_now)
      AND (EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets AS o WHERE o.tenant_id = p_tenant
                     AND o.connector_id = v_set.connector_id AND o.id <> p_set AND o.updated_at >= v_set.first_terminal_at)
        OR NOT EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets AS o WHERE o.tenant_id = p_tenant
                     AND o.connector_id = v_set.connector_id AND o.id <> p_set AND o.last_error IS NOT NULL))
    THEN
      UPDATE linkbroker.upstream_token_sets AS u SET state = 'dead', refresh_due_at = NULL
      WHERE u.id = p_set AND u.tenant_id = p_tenant;
      UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = 'upstream dead'
      WHERE g.tenant_id = p_tenant AND g.revoked_at IS NULL
        AND g.link_id IN (SELECT l.id FROM linkbroker.links AS l WHERE l.token_set_id = p_set AND l.tenant_id = p_tenant);
      state := 'dead';
    END IF;
  END IF;
  IF parked IS NOT NULL THEN
    UPDATE linkbroker.connectors AS n SET parked_until = p_now + interval '10 minutes', parked_reason = parked
    WHERE n.id = v_set.connector_id AND n.tenant_id = p_tenant;
  END IF;
  RETURN NEXT;
END $$;
`;

const HANDED_OUT = `
-- A presented access token's grant and the upstream tokens behind it: everything a token exchange needs, in one trip.
CREATE FUNCTION linkbroker.find_granted_tokens(p_tenant uuid, p_skill uuid, p_grant uuid)
RETURNS TABLE (link_id uuid, access_secret_hash bytea, access_ended_at timestamptz, revoked_at timestamptz, set_id uuid,
  connector_id uuid, version integer, state text, access_expires_at timestamptz, refresh_expires_at timestamptz,
  has_refresh_token boolean, set_scopes text[], updated_at timestamptz, retry_at timestamptz, leased boolean, sealed bytea)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT g.link_id, g.access_secret_hash, g.access_ended_at, g.revoked_at, u.id, u.connector_id, u.version,
      u.state, u.access_expires_at, u.refresh_expires_at, u.has_refresh_token, u.scopes, u.updated_at, u.retry_at,
      coalesce(u.lease_until > clock_timestamp(), false), u.sealed
    FROM linkbroker.grants AS g JOIN linkbroker.links AS l ON l.id = g.link_id AND l.tenant_id = p_tenant
      JOIN linkbroker.upstream_token_sets AS u ON u.id = l.token_set_id AND u.tenant_id = p_tenant
    WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill;
END $$;

CREATE FUNCTION linkbroker.hand_out_token(p_tenant uuid, p_skill uuid, p_grant uuid, p_fingerprint bytea, p_issued_at timestamptz,
  p_expires_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.handed_out_tokens AS h (fingerprint, tenant_id, skill_id, grant_id, issued_at, expires_at)
    VALUES (p_fingerprint, p_tenant, p_skill, p_grant, p_issued_at, p_expires_at)
    ON CONFLICT (fingerprint, grant_id) DO UPDATE SET expires_at = excluded.expires_at;
END $$;

CREATE FUNCTION linkbroker.find_handed_out_token(p_tenant uuid, p_skill uuid, p_fingerprint bytea)
RETURNS TABLE (grant_id uuid, issued_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT h.grant_id, h.issued_at, h.expires_at FROM linkbroker.handed_out_tokens AS h
    WHERE h.fingerprint = p_fingerprint AND h.tenant_id = p_tenant AND h.skill_id = p_skill
    ORDER BY h.issued_at DESC LIMIT 1;
END $$;
`;
