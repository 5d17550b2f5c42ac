import type { MigrationInterface, QueryRunner } from 'typeorm';

const LIST = 'list_expired_grants(timestamptz, integer)';

/**
 * The implicit grant: grants that are there with their access token and end with it, and what a skill says of apps of its
 * maker's own. An end is written down (`end_expired_grant`), so that whatever counts living grants need not know of it.
 * @see ADR 0012, ADR 0021
 */
export class ImplicitGrants1764000000024 implements MigrationInterface {
  name = 'ImplicitGrants1764000000024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(FUNCTIONS);
    for (const [name, roles] of Object.entries(CALLERS)) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO ${roles}`);
    }
    await runner.query('GRANT EXECUTE ON FUNCTION linkbroker.tell_link_revoked TO linkbroker_worker');
    await runner.query(CROSS_TENANT);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    await runner.query(`ALTER FUNCTION linkbroker.${LIST} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${LIST} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${LIST} TO linkbroker_worker`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [...Object.keys(CALLERS), LIST]) await runner.query(`DROP FUNCTION linkbroker.${name}`);
    await runner.query('DROP FUNCTION linkbroker.complete_link');
    await runner.query('DELETE FROM linkbroker.grants WHERE code_hash IS NULL');
    await runner.query('ALTER TABLE linkbroker.grants DROP COLUMN expires_at, ALTER COLUMN code_hash SET NOT NULL');
    await runner.query('ALTER TABLE linkbroker.skills DROP COLUMN implicit_token_ttl, DROP COLUMN app_to_app');
  }
}

const CALLERS: Readonly<Record<string, string>> = {
  tie_link: 'linkbroker_broker',
  complete_implicit_link: 'linkbroker_broker',
  grant_link_again: 'linkbroker_broker',
  end_expired_grant: 'linkbroker_worker',
};

const TABLES = `
ALTER TABLE linkbroker.skills
  ADD COLUMN implicit_token_ttl integer,
  ADD COLUMN app_to_app jsonb,
  ADD CONSTRAINT skills_implicit_check CHECK ((implicit_token_ttl IS NOT NULL) = ('implicit' = ANY (grant_types)));

-- A grant that ends by itself has no code. The column stands last and is null for all others: a refresh writes as much as
-- before. None of the index's columns is changed by one, so that its update stays on its page (HOT).
ALTER TABLE linkbroker.grants
  ALTER COLUMN code_hash DROP NOT NULL,
  ADD COLUMN expires_at timestamptz;
CREATE INDEX grants_expiring ON linkbroker.grants (expires_at) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
`;

const FUNCTIONS = `
-- Ties the link and cancels what was held in its domain, under the domain's lock, for the transaction that goes on. Null
-- when a revocation of the domain is being carried out: what was just obtained dies with it.
CREATE FUNCTION linkbroker.tie_link(p_tenant uuid, p_skill uuid, p_connector uuid, p_subject text, p_token_set uuid,
  p_new_link uuid, p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_link uuid; v_domain bytea;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  SELECT u.domain INTO v_domain FROM linkbroker.upstream_token_sets AS u WHERE u.id = p_token_set AND u.tenant_id = p_tenant;
  -- A set whose last link had ended is not refreshed any more; from now on it is again.
  UPDATE linkbroker.upstream_token_sets AS u SET refresh_due_at = p_now
  WHERE u.id = p_token_set AND u.tenant_id = p_tenant AND u.refresh_due_at IS NULL AND u.active_due_at IS NOT NULL
    AND u.state IN ('active', 'at_risk');
  IF v_domain IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(v_domain, 'hex'), 0));
    IF linkbroker.cancel_upstream_revocations(v_domain, p_now) > 0 THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO linkbroker.links AS l (id, tenant_id, skill_id, connector_id, subject, token_set_id, created_at)
    VALUES (p_new_link, p_tenant, p_skill, p_connector, p_subject, p_token_set, p_now)
    ON CONFLICT ON CONSTRAINT links_subject_key DO UPDATE SET token_set_id = excluded.token_set_id
    RETURNING l.id INTO v_link;
  RETURN v_link;
END $$;

CREATE OR REPLACE FUNCTION linkbroker.complete_link(p_tenant uuid, p_skill uuid, p_connector uuid, p_subject text, p_token_set uuid,
  p_new_link uuid, p_grant uuid, p_code_hash bytea, p_code_expires_at timestamptz, p_redirect_uri text,
  p_code_challenge text, p_scopes text[], p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_link uuid := linkbroker.tie_link(p_tenant, p_skill, p_connector, p_subject, p_token_set, p_new_link, p_now);
BEGIN
  IF v_link IS NULL THEN RETURN NULL; END IF;
  INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash,
      code_challenge, redirect_uri, scopes)
    VALUES (p_grant, p_tenant, p_skill, v_link, p_now, p_code_expires_at, p_code_hash, p_code_challenge,
      p_redirect_uri, p_scopes);
  RETURN v_link;
END $$;

-- The same with a grant that is issued already: it has an access token until p_expires_at, and nothing to refresh it with.
CREATE FUNCTION linkbroker.complete_implicit_link(p_tenant uuid, p_skill uuid, p_connector uuid, p_subject text, p_token_set uuid,
  p_new_link uuid, p_grant uuid, p_access_secret_hash bytea, p_mac_key smallint, p_expires_at timestamptz, p_redirect_uri text,
  p_scopes text[], p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_link uuid := linkbroker.tie_link(p_tenant, p_skill, p_connector, p_subject, p_token_set, p_new_link, p_now);
BEGIN
  IF v_link IS NULL THEN RETURN NULL; END IF;
  INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, redirect_uri,
      scopes, access_secret_hash, mac_key_id, expires_at)
    VALUES (p_grant, p_tenant, p_skill, v_link, p_now, p_now, p_now, p_redirect_uri, p_scopes, p_access_secret_hash, p_mac_key,
      p_expires_at);
  PERFORM linkbroker.tell_link_created(p_tenant, p_skill, v_link, p_grant, p_now);
  RETURN v_link;
END $$;

-- One more pending grant of a link, whose sign-in at the provider must not have ended. False where there is no such link.
CREATE FUNCTION linkbroker.grant_link_again(p_tenant uuid, p_skill uuid, p_link uuid, p_grant uuid, p_code_hash bytea,
  p_code_expires_at timestamptz, p_redirect_uri text, p_scopes text[], p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_link linkbroker.links;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  SELECT l.* INTO v_link FROM linkbroker.links AS l
    JOIN linkbroker.upstream_token_sets AS u ON u.id = l.token_set_id AND u.tenant_id = p_tenant
  WHERE l.id = p_link AND l.tenant_id = p_tenant AND l.skill_id = p_skill AND u.state IN ('active', 'at_risk');
  IF NOT FOUND THEN RETURN false; END IF;
  RETURN linkbroker.complete_link(p_tenant, p_skill, v_link.connector_id, v_link.subject, v_link.token_set_id, p_link, p_grant,
    p_code_hash, p_code_expires_at, p_redirect_uri, NULL, p_scopes, p_now) IS NOT NULL;
END $$;

-- By the secret of its refresh tokens; an implicit grant, which has none, by that of its only token.
CREATE OR REPLACE FUNCTION linkbroker.revoke_grant(p_tenant uuid, p_skill uuid, p_grant uuid, p_secret_hash bytea, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_link uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = p_reason
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND coalesce(g.secret_hash, g.access_secret_hash) = p_secret_hash AND g.revoked_at IS NULL
  RETURNING g.link_id INTO v_link;
  IF v_link IS NULL THEN RETURN false; END IF;
  PERFORM linkbroker.hold_link_revocation(p_tenant, v_link, p_now);
  PERFORM linkbroker.tell_link_revoked(p_tenant, p_skill, v_link, p_reason, p_now);
  RETURN true;
END $$;

-- Writes down that a grant has ended by time, and does what the end of a link does. Its skill and link where it did.
CREATE FUNCTION linkbroker.end_expired_grant(p_tenant uuid, p_grant uuid, p_now timestamptz)
RETURNS TABLE (ended_skill uuid, ended_link uuid) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET revoked_at = g.expires_at, revoke_reason = 'expired'
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.expires_at <= p_now AND g.revoked_at IS NULL
  RETURNING g.skill_id, g.link_id INTO ended_skill, ended_link;
  IF ended_link IS NULL THEN RETURN; END IF;
  PERFORM linkbroker.hold_link_revocation(p_tenant, ended_link, p_now);
  PERFORM linkbroker.tell_link_revoked(p_tenant, ended_skill, ended_link, 'expired', p_now);
  RETURN NEXT;
END $$;
`;

const CROSS_TENANT = `
-- Grants whose only token has expired and that nobody has ended yet, the oldest first.
CREATE FUNCTION linkbroker.list_expired_grants(p_now timestamptz, p_limit integer)
RETURNS TABLE (tenant_id uuid, grant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT g.tenant_id, g.id FROM grants g WHERE g.expires_at <= p_now AND g.revoked_at IS NULL ORDER BY g.expires_at LIMIT p_limit
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
      || CASE WHEN k.alexa_skill_id IS NULL THEN '{}' ELSE jsonb_build_object('alexaSkillId', k.alexa_skill_id) END
      || CASE WHEN k.implicit_token_ttl IS NULL THEN '{}' ELSE jsonb_build_object('implicitTokenTtl', k.implicit_token_ttl) END
      || CASE WHEN k.relay IS NULL THEN '{}' ELSE jsonb_build_object(
           'relay', k.relay || jsonb_build_object('sealedSecret', encode(k.relay_secret, 'base64'))) END
      || CASE WHEN k.events IS NULL THEN '{}' ELSE jsonb_build_object(
           'events', k.events || jsonb_build_object('sealedSecret', encode(k.events_secret, 'base64'))) END)
  FROM clients c JOIN skills k ON k.id = c.skill_id JOIN tenants t ON t.id = k.tenant_id
  WHERE c.client_id = p_client_id AND k.removed_at IS NULL
$$;
`;
