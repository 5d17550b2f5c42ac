import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The verbs of the hot path as functions that take the tenant first, set it and run one statement: one round trip,
 * one commit, row-level security in force. They run with the caller's rights.
 * @see ADR 0001, ADR 0003, ADR 0004
 */
export class GrantFunctions1764000000002 implements MigrationInterface {
  name = 'GrantFunctions1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHECKPOINTS);
    await runner.query(REFRESH);
    await runner.query(REDEEM);
    await runner.query(FIND);
    await runner.query(REVOKE);
    await runner.query('REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA linkbroker FROM PUBLIC');
    await runner.query('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA linkbroker TO linkbroker_broker');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [
      'refresh_grant',
      'redeem_code',
      'find_grant',
      'find_code',
      'revoke_grant',
      'end_access_tokens',
    ]) {
      await runner.query(`DROP FUNCTION linkbroker.${name}`);
    }
    await runner.query('DROP FUNCTION linkbroker.next_checkpoints');
    await runner.query('DROP FUNCTION linkbroker.aged_generation');
  }
}

/** The checkpoint rules of `protocol/refresh-chain`, for tenants that bound how many old tokens stay good. */
const CHECKPOINTS = `
CREATE FUNCTION linkbroker.aged_generation(p_generation bigint, p_generation_at timestamptz, p_checkpoints jsonb, p_now timestamptz)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_generation_at < p_now - interval '30 days' THEN p_generation
    ELSE coalesce((SELECT max((point ->> 0)::bigint)
                   FROM jsonb_array_elements(coalesce(p_checkpoints, '[]')) AS point
                   WHERE (point ->> 1)::bigint < extract(epoch FROM p_now - interval '30 days')), 0)
  END
$$;

CREATE FUNCTION linkbroker.next_checkpoints(p_checkpoints jsonb, p_generation bigint, p_now timestamptz)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN floor(extract(epoch FROM p_now)) - (p_checkpoints -> -1 ->> 1)::bigint < 86400 THEN p_checkpoints
    ELSE (SELECT jsonb_agg(point ORDER BY place) FROM (
            SELECT point, place
            FROM jsonb_array_elements(coalesce(p_checkpoints, '[]')
              || jsonb_build_array(jsonb_build_array(p_generation, floor(extract(epoch FROM p_now))::bigint)))
              WITH ORDINALITY AS all_points(point, place)
            ORDER BY place DESC LIMIT 32) AS newest)
  END
$$;
`;

/**
 * Answers one text, `generation generation_before mac_key_id link_id scope …`: a row of columns costs a function scan
 * and its parsing for each refresh. The first update is the everyday one, the newest token of a skill that keeps all;
 * the second is the whole rule. Either way it is one call and one commit.
 */
const REFRESH = `
CREATE FUNCTION linkbroker.refresh_grant(
  p_tenant uuid, p_skill uuid, p_grant uuid, p_secret_hash bytea, p_presented bigint, p_keep integer,
  p_now timestamptz, p_mac_key smallint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_result text := set_config('linkbroker.tenant_id', p_tenant::text, true);
BEGIN
  IF p_keep IS NULL THEN
    UPDATE linkbroker.grants AS g SET
      generation_before = g.generation, generation = p_presented + 1, generation_at = p_now, mac_key_id = p_mac_key
    WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
      AND g.secret_hash = p_secret_hash AND g.revoked_at IS NULL AND g.generation <= p_presented
    RETURNING concat_ws(' ', g.generation, g.generation_before, g.mac_key_id, g.link_id, array_to_string(g.scopes, ' '))
    INTO v_result;
    IF FOUND THEN RETURN v_result; END IF;
  END IF;
  UPDATE linkbroker.grants AS g SET
    generation_before = g.generation,
    generation = CASE WHEN p_presented >= g.generation THEN p_presented + 1 ELSE g.generation END,
    generation_at = CASE WHEN p_presented >= g.generation THEN p_now ELSE g.generation_at END,
    mac_key_id = CASE WHEN p_presented >= g.generation THEN p_mac_key ELSE g.mac_key_id END,
    checkpoints = CASE WHEN p_keep IS NOT NULL AND p_presented >= g.generation
      THEN linkbroker.next_checkpoints(g.checkpoints, p_presented + 1, p_now) ELSE g.checkpoints END
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.secret_hash = p_secret_hash AND g.revoked_at IS NULL
    AND (p_keep IS NULL OR g.generation - p_presented <= p_keep
      OR linkbroker.aged_generation(g.generation, g.generation_at, g.checkpoints, p_now) <= p_presented)
  RETURNING concat_ws(' ', g.generation, g.generation_before, g.mac_key_id, g.link_id, array_to_string(g.scopes, ' '))
  INTO v_result;
  RETURN v_result;
END $$;
`;

const REDEEM = `
CREATE FUNCTION linkbroker.redeem_code(
  p_tenant uuid, p_skill uuid, p_code_hash bytea, p_redirect_uri text, p_code_challenge text,
  p_secret_hash bytea, p_access_secret_hash bytea, p_mac_key smallint, p_now timestamptz,
  OUT grant_id uuid, OUT link_id uuid, OUT scopes text[])
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET
    code_consumed_at = p_now, secret_hash = p_secret_hash, access_secret_hash = p_access_secret_hash,
    mac_key_id = p_mac_key, generation = 1, generation_at = p_now
  WHERE g.code_hash = p_code_hash AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.code_consumed_at IS NULL AND g.code_expires_at > p_now AND g.revoked_at IS NULL
    AND (p_redirect_uri IS NULL OR g.redirect_uri = p_redirect_uri)
    AND g.code_challenge IS NOT DISTINCT FROM p_code_challenge
  RETURNING g.id, g.link_id, g.scopes INTO grant_id, link_id, scopes;
END $$;

CREATE FUNCTION linkbroker.find_code(p_tenant uuid, p_skill uuid, p_code_hash bytea)
RETURNS TABLE (grant_id uuid, link_id uuid, code_consumed_at timestamptz, code_expires_at timestamptz,
  revoked_at timestamptz, redirect_uri text, code_challenge text)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT g.id, g.link_id, g.code_consumed_at, g.code_expires_at, g.revoked_at, g.redirect_uri, g.code_challenge
    FROM linkbroker.grants AS g WHERE g.code_hash = p_code_hash AND g.tenant_id = p_tenant AND g.skill_id = p_skill;
END $$;
`;

const FIND = `
CREATE FUNCTION linkbroker.find_grant(p_tenant uuid, p_skill uuid, p_grant uuid)
RETURNS TABLE (link_id uuid, scopes text[], generation bigint, generation_at timestamptz, checkpoints jsonb,
  mac_key_id smallint, secret_hash bytea, access_secret_hash bytea, access_ended_at timestamptz, revoked_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT g.link_id, g.scopes, g.generation, g.generation_at, g.checkpoints, g.mac_key_id,
      g.secret_hash, g.access_secret_hash, g.access_ended_at, g.revoked_at
    FROM linkbroker.grants AS g WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill;
END $$;
`;

const REVOKE = `
CREATE FUNCTION linkbroker.revoke_grant(p_tenant uuid, p_skill uuid, p_grant uuid, p_secret_hash bytea, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = p_reason
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.secret_hash = p_secret_hash AND g.revoked_at IS NULL;
  RETURN FOUND;
END $$;

CREATE FUNCTION linkbroker.end_access_tokens(p_tenant uuid, p_skill uuid, p_grant uuid, p_access_secret_hash bytea, p_until timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET access_ended_at = greatest(g.access_ended_at, p_until)
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.access_secret_hash = p_access_secret_hash;
  RETURN FOUND;
END $$;
`;
