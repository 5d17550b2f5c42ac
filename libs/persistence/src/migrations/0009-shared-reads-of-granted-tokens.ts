import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A presented access token's grant as one text, for one token or for several of a tenant in one call. A row of columns
 * costs a function scan and the reading of its dates for each token exchange.
 * @see ADR 0009
 */
export class SharedReadsOfGrantedTokens1764000000009 implements MigrationInterface {
  name = 'SharedReadsOfGrantedTokens1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION linkbroker.find_granted_tokens');
    await runner.query(FIND_GRANTED_TOKENS);
    for (const name of NAMES) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO linkbroker_broker`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of NAMES) await runner.query(`DROP FUNCTION linkbroker.${name}`);
  }
}

const NAMES = ['find_granted_tokens', 'find_many_granted_tokens'];

/**
 * Times are whole milliseconds since the epoch. The order of the fields is the order in which `granted-tokens-verb.ts`
 * reads them. JSON writes a line break within a text as an escape, so that the answers of several are lines; a grant
 * that is not there is an empty one.
 */
const FIND_GRANTED_TOKENS = `
CREATE FUNCTION linkbroker.find_granted_tokens(p_tenant uuid, p_skill uuid, p_grant uuid)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_found text;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  SELECT json_build_array(g.link_id, encode(g.access_secret_hash, 'hex'),
      (date_part('epoch', g.access_ended_at) * 1000)::bigint, (date_part('epoch', g.revoked_at) * 1000)::bigint,
      u.id, u.connector_id, u.version, u.state,
      (date_part('epoch', u.access_expires_at) * 1000)::bigint, (date_part('epoch', u.refresh_expires_at) * 1000)::bigint,
      u.has_refresh_token, u.scopes, (date_part('epoch', u.updated_at) * 1000)::bigint,
      (date_part('epoch', u.retry_at) * 1000)::bigint, coalesce(u.lease_until > clock_timestamp(), false),
      encode(u.sealed, 'hex'))::text INTO v_found
    FROM linkbroker.grants AS g JOIN linkbroker.links AS l ON l.id = g.link_id AND l.tenant_id = p_tenant
      JOIN linkbroker.upstream_token_sets AS u ON u.id = l.token_set_id AND u.tenant_id = p_tenant
    WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill;
  RETURN v_found;
END $$;

-- The same for each place of the arrays, in their order, as lines.
CREATE FUNCTION linkbroker.find_many_granted_tokens(p_tenant uuid, p_skills uuid[], p_grants uuid[])
RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_found text[];
BEGIN
  FOR i IN 1 .. cardinality(p_grants) LOOP
    v_found[i] := linkbroker.find_granted_tokens(p_tenant, p_skills[i], p_grants[i]);
  END LOOP;
  RETURN array_to_string(v_found, E'\\n', '');
END $$;
`;
