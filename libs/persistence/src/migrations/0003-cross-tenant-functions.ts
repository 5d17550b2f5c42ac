import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every verb that looks across tenants, all of them here: definer functions of `linkbroker_resolver`, search path
 * pinned, each returning as little as its caller needs.
 * @see ADR 0004
 */
export class CrossTenantFunctions1764000000003 implements MigrationInterface {
  name = 'CrossTenantFunctions1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FUNCTIONS);
    await runner.query('GRANT linkbroker_resolver TO CURRENT_USER');
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const [signature, roles] of Object.entries(CALLERS)) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC, linkbroker_broker`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO ${roles}`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(CALLERS)) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
  }
}

const CALLERS: Readonly<Record<string, string>> = {
  'resolve_client(text)': 'linkbroker_broker',
  'resolve_connector(text, text)': 'linkbroker_broker',
  'resolve_tenant(text)': 'linkbroker_admin',
  'grant_exists(uuid)': 'linkbroker_broker',
  'see_client_secrets(uuid[], timestamptz)': 'linkbroker_broker',
  'retire_client_secrets(timestamptz)': 'linkbroker_worker',
  'expire_pending_grants(timestamptz, integer)': 'linkbroker_worker',
};

const FUNCTIONS = `
CREATE FUNCTION linkbroker.resolve_client(p_client_id text) RETURNS jsonb
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
      'connectors', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'slug', n.slug, 'name', n.name) ORDER BY sc.position), '[]')
                     FROM skill_connectors sc JOIN connectors n ON n.id = sc.connector_id
                     WHERE sc.skill_id = k.id AND n.removed_at IS NULL)))
  FROM clients c JOIN skills k ON k.id = c.skill_id JOIN tenants t ON t.id = k.tenant_id
  WHERE c.client_id = p_client_id AND k.removed_at IS NULL
$$;

CREATE FUNCTION linkbroker.resolve_connector(p_tenant_slug text, p_connector_slug text)
RETURNS TABLE (tenant_id uuid, connector_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT n.tenant_id, n.id FROM connectors n JOIN tenants t ON t.id = n.tenant_id
  WHERE t.slug = p_tenant_slug AND n.slug = p_connector_slug AND n.removed_at IS NULL
$$;

CREATE FUNCTION linkbroker.resolve_tenant(p_slug text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT id FROM tenants WHERE slug = p_slug
$$;

-- Tells a token of another client (a verdict) from a row that is gone (a failure to look); says nothing else.
CREATE FUNCTION linkbroker.grant_exists(p_grant uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM grants WHERE id = p_grant)
$$;

CREATE FUNCTION linkbroker.see_client_secrets(p_secrets uuid[], p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  UPDATE client_secrets SET last_seen_at = p_now WHERE id = ANY (p_secrets)
$$;

-- A replaced secret retires only after nobody has used it for 30 days.
CREATE FUNCTION linkbroker.retire_client_secrets(p_now timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH retired AS (
    UPDATE client_secrets SET retired_at = p_now
    WHERE retired_at IS NULL AND superseded_at < p_now - interval '30 days'
      AND (last_seen_at IS NULL OR last_seen_at < p_now - interval '30 days')
    RETURNING 1)
  SELECT count(*) FROM retired
$$;

CREATE FUNCTION linkbroker.expire_pending_grants(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (
    DELETE FROM grants WHERE id IN (
      SELECT id FROM grants WHERE code_consumed_at IS NULL AND code_expires_at < p_before
      ORDER BY code_expires_at LIMIT p_limit)
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
`;
