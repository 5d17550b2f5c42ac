import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const FORGET = 'forget_relayed_tokens(timestamptz, integer)';

/**
 * Skills whose tokens are those of an existing server: where it is, and what it answered for each code and refresh token
 * that Alexa presented, readable only by who presents it again.
 * @see ADR 0018
 */
export class Relay1764000000019 implements MigrationInterface {
  name = 'Relay1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query('ALTER TABLE linkbroker.relayed_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
    await runner.query(
      `CREATE POLICY tenant_isolation ON linkbroker.relayed_tokens USING (tenant_id = ${CURRENT_TENANT})`,
    );
    await runner.query(PRIVILEGES);
    await runner.query(FUNCTIONS);
    for (const name of CALLED_BY_BROKER) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO linkbroker_broker`);
    }
    await runner.query(CROSS_TENANT);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    await runner.query(`ALTER FUNCTION linkbroker.${FORGET} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${FORGET} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${FORGET} TO linkbroker_worker`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [...CALLED_BY_BROKER, FORGET, 'resolve_client(text)'])
      await runner.query(`DROP FUNCTION linkbroker.${name}`);
    await runner.query('DROP TABLE linkbroker.relayed_tokens');
    await runner.query('ALTER TABLE linkbroker.skills DROP COLUMN relay, DROP COLUMN relay_secret');
  }
}

const CALLED_BY_BROKER = [
  'claim_relayed_token',
  'find_relayed_token',
  'answer_relayed_token',
  'release_relayed_token',
] as const;

const TABLES = `
-- relay_secret: the client secret at the existing server, sealed by the vault; null where it is the one Alexa presents.
ALTER TABLE linkbroker.skills
  ADD COLUMN relay jsonb,
  ADD COLUMN relay_secret bytea,
  ADD CONSTRAINT skills_relay_check CHECK (relay IS NOT NULL OR relay_secret IS NULL);

-- One row for one presentation of a code or refresh token. token_hash is keyed by the broker. answer_by_token is sealed
-- under what was presented, which is stored nowhere. lease_until is judged by the database's clock alone.
CREATE TABLE linkbroker.relayed_tokens (
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  attempt_id uuid NOT NULL,
  attempts integer NOT NULL,
  lease_until timestamptz NOT NULL,
  keep_until timestamptz NOT NULL,
  answer_by_token bytea,
  CONSTRAINT relayed_tokens_pkey PRIMARY KEY (tenant_id, skill_id, token_hash),
  CONSTRAINT relayed_tokens_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id)
);
CREATE INDEX relayed_tokens_age ON linkbroker.relayed_tokens (keep_until);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT ON linkbroker.relayed_tokens TO linkbroker_broker;
GRANT UPDATE (attempt_id, attempts, lease_until, keep_until, answer_by_token) ON linkbroker.relayed_tokens TO linkbroker_broker;
GRANT SELECT (tenant_id, skill_id, token_hash, lease_until, keep_until), DELETE ON linkbroker.relayed_tokens TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.relayed_tokens FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_forgets ON linkbroker.relayed_tokens FOR DELETE TO linkbroker_resolver USING (true);
`;

const FUNCTIONS = `
-- Takes the right to present a token upstream, or tells what keeps it from the caller: an answer that is kept, or the
-- attempt under way. An answer past its time is nobody's any more.
CREATE FUNCTION linkbroker.claim_relayed_token(p_tenant uuid, p_skill uuid, p_hash bytea, p_attempt uuid, p_lease interval,
  p_keep_until timestamptz, p_now timestamptz)
RETURNS TABLE (claimed integer, holder uuid, answer bytea) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY
    INSERT INTO linkbroker.relayed_tokens AS r (tenant_id, skill_id, token_hash, attempt_id, attempts, lease_until, keep_until)
    VALUES (p_tenant, p_skill, p_hash, p_attempt, 1, clock_timestamp() + p_lease, p_keep_until)
    ON CONFLICT ON CONSTRAINT relayed_tokens_pkey DO UPDATE SET
      attempt_id = p_attempt, attempts = CASE WHEN r.answer_by_token IS NULL THEN r.attempts + 1 ELSE 1 END,
      lease_until = clock_timestamp() + p_lease, keep_until = p_keep_until, answer_by_token = NULL
    WHERE r.lease_until <= clock_timestamp() AND (r.answer_by_token IS NULL OR r.keep_until <= p_now)
    RETURNING r.attempts, r.attempt_id, r.answer_by_token;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT NULL::integer, r.attempt_id, r.answer_by_token FROM linkbroker.relayed_tokens AS r
    WHERE r.tenant_id = p_tenant AND r.skill_id = p_skill AND r.token_hash = p_hash;
END $$;

-- What has become of an attempt: its answer, or that it is under way still.
CREATE FUNCTION linkbroker.find_relayed_token(p_tenant uuid, p_skill uuid, p_hash bytea, p_attempt uuid)
RETURNS TABLE (under_way boolean, answer bytea) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT r.attempt_id = p_attempt AND r.lease_until > clock_timestamp(), r.answer_by_token
    FROM linkbroker.relayed_tokens AS r
    WHERE r.tenant_id = p_tenant AND r.skill_id = p_skill AND r.token_hash = p_hash;
END $$;

-- Keeps the first answer that comes, and says which one is kept: whoever presented a token once more, because nobody knew
-- what had become of it, hands out what the others were given.
CREATE FUNCTION linkbroker.answer_relayed_token(p_tenant uuid, p_skill uuid, p_hash bytea, p_answer bytea, p_keep_until timestamptz)
RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.relayed_tokens AS r
  SET answer_by_token = p_answer, keep_until = p_keep_until, lease_until = clock_timestamp()
  WHERE r.tenant_id = p_tenant AND r.skill_id = p_skill AND r.token_hash = p_hash AND r.answer_by_token IS NULL;
  IF FOUND THEN RETURN p_answer; END IF;
  RETURN (SELECT r.answer_by_token FROM linkbroker.relayed_tokens AS r
          WHERE r.tenant_id = p_tenant AND r.skill_id = p_skill AND r.token_hash = p_hash);
END $$;

-- Ends an attempt that brought no answer: the next one may begin at once.
CREATE FUNCTION linkbroker.release_relayed_token(p_tenant uuid, p_skill uuid, p_hash bytea, p_attempt uuid)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.relayed_tokens AS r SET lease_until = clock_timestamp()
  WHERE r.tenant_id = p_tenant AND r.skill_id = p_skill AND r.token_hash = p_hash AND r.attempt_id = p_attempt
    AND r.answer_by_token IS NULL;
END $$;
`;

const CROSS_TENANT = `
-- Whether there is an answer or not: what is past its time is of no use to anybody.
CREATE FUNCTION linkbroker.forget_relayed_tokens(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (
    DELETE FROM relayed_tokens r USING (
      SELECT o.tenant_id, o.skill_id, o.token_hash FROM relayed_tokens o
      WHERE o.keep_until < p_before ORDER BY o.keep_until LIMIT p_limit) old
    WHERE r.tenant_id = old.tenant_id AND r.skill_id = old.skill_id AND r.token_hash = old.token_hash
      AND r.keep_until < p_before AND r.lease_until <= clock_timestamp()
    RETURNING 1)
  SELECT count(*) FROM gone
$$;

CREATE OR REPLACE FUNCTION linkbroker.resolve_client(p_client_id text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT jsonb_build_object(
    'clientId', c.client_id, 'kind', c.kind,
    'secrets', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'hash', s.hash) ORDER BY s.created_at DESC), '[]')
                FROM client_secrets s WHERE s.client_id = c.client_id AND s.retired_at IS NULL),
    'skill', jsonb_build_object(
      'id', k.id, 'tenantId', k.tenant_id, 'tenantSlug', t.slug, 'tenantName', t.name, 'slug', k.slug, 'name', k.name,
      'clientId', (SELECT a.client_id FROM clients a WHERE a.skill_id = k.id AND a.kind = 'alexa'),
      'redirectUris', k.redirect_uris, 'grantTypes', k.grant_types, 'scopes', k.scopes, 'pkce', k.pkce,
      'accessTokenTtl', k.access_token_ttl, 'refreshKeep', k.refresh_keep,
      'tokenMode', k.token_mode, 'branding', k.branding,
      'connectors', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'slug', n.slug, 'name', n.name, 'provider', n.provider) ORDER BY sc.position), '[]')
                     FROM skill_connectors sc JOIN connectors n ON n.id = sc.connector_id
                     WHERE sc.skill_id = k.id AND n.removed_at IS NULL))
      || CASE WHEN k.relay IS NULL THEN '{}' ELSE jsonb_build_object(
           'relay', k.relay || jsonb_build_object('sealedSecret', encode(k.relay_secret, 'base64'))) END)
  FROM clients c JOIN skills k ON k.id = c.skill_id JOIN tenants t ON t.id = k.tenant_id
  WHERE c.client_id = p_client_id AND k.removed_at IS NULL
$$;
`;
