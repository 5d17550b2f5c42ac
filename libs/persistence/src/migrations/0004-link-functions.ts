import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finishing a link: the token set in one statement, then link and pending grant in another. @see ADR 0003 */
export class LinkFunctions1764000000004 implements MigrationInterface {
  name = 'LinkFunctions1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FUNCTIONS);
    for (const signature of SIGNATURES) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO linkbroker_broker`);
    }
    await runner.query(KEY_FUNCTIONS);
    for (const signature of KEY_SIGNATURES) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO linkbroker_broker, linkbroker_admin`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of [...SIGNATURES, ...KEY_SIGNATURES])
      await runner.query(`DROP FUNCTION linkbroker.${signature}`);
  }
}

const SIGNATURES = ['find_token_set', 'store_token_set', 'complete_link', 'find_connector'];
const KEY_SIGNATURES = ['find_data_keys', 'add_data_key'];

const FUNCTIONS = `
CREATE FUNCTION linkbroker.find_connector(p_tenant uuid, p_connector uuid)
RETURNS TABLE (id uuid, tenant_slug text, slug text, name text, provider text, issuer text, client_id text,
  client_secret bytea, scopes text[], endpoints jsonb)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT n.id, t.slug, n.slug, n.name, n.provider, n.issuer, n.client_id, n.client_secret, n.scopes, n.endpoints
    FROM linkbroker.connectors AS n JOIN linkbroker.tenants AS t ON t.id = n.tenant_id
    WHERE n.id = p_connector AND n.tenant_id = p_tenant AND n.removed_at IS NULL;
END $$;

CREATE FUNCTION linkbroker.find_token_set(p_tenant uuid, p_connector uuid, p_subject text)
RETURNS TABLE (id uuid, version integer, scopes text[], has_refresh_token boolean, access_expires_at timestamptz, sealed bytea)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT u.id, u.version, u.scopes, u.has_refresh_token, u.access_expires_at, u.sealed
    FROM linkbroker.upstream_token_sets AS u
    WHERE u.tenant_id = p_tenant AND u.connector_id = p_connector AND u.subject = p_subject;
END $$;

-- Writes version p_version of a set and returns whether the row was the one it had been sealed for. A change of the
-- set bumps its fence, so that a refresh that began before cannot overwrite it.
CREATE FUNCTION linkbroker.store_token_set(p_tenant uuid, p_id uuid, p_connector uuid, p_subject text, p_version integer,
  p_scopes text[], p_has_refresh_token boolean, p_access_expires_at timestamptz, p_sealed bytea, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.upstream_token_sets AS u (id, tenant_id, connector_id, subject, scopes, has_refresh_token,
      access_expires_at, version, fence, sealed, updated_at)
    VALUES (p_id, p_tenant, p_connector, p_subject, p_scopes, p_has_refresh_token, p_access_expires_at, p_version, 1, p_sealed, p_now)
    ON CONFLICT ON CONSTRAINT upstream_token_sets_subject_key DO UPDATE SET
      scopes = excluded.scopes, has_refresh_token = excluded.has_refresh_token,
      access_expires_at = excluded.access_expires_at, version = excluded.version, fence = u.fence + 1,
      sealed = excluded.sealed, updated_at = excluded.updated_at
    WHERE u.id = excluded.id AND u.version = excluded.version - 1;
  RETURN FOUND;
END $$;

CREATE FUNCTION linkbroker.complete_link(p_tenant uuid, p_skill uuid, p_connector uuid, p_subject text, p_token_set uuid,
  p_new_link uuid, p_grant uuid, p_code_hash bytea, p_code_expires_at timestamptz, p_redirect_uri text,
  p_code_challenge text, p_scopes text[], p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_link uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.links AS l (id, tenant_id, skill_id, connector_id, subject, token_set_id, created_at)
    VALUES (p_new_link, p_tenant, p_skill, p_connector, p_subject, p_token_set, p_now)
    ON CONFLICT ON CONSTRAINT links_subject_key DO UPDATE SET token_set_id = excluded.token_set_id
    RETURNING l.id INTO v_link;
  INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash,
      code_challenge, redirect_uri, scopes)
    VALUES (p_grant, p_tenant, p_skill, v_link, p_now, p_code_expires_at, p_code_hash, p_code_challenge,
      p_redirect_uri, p_scopes);
  RETURN v_link;
END $$;
`;

const KEY_FUNCTIONS = `
CREATE FUNCTION linkbroker.find_data_keys(p_tenant uuid)
RETURNS TABLE (id uuid, master_key_id text, wrapped bytea)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT d.id, d.master_key_id, d.wrapped FROM linkbroker.data_keys AS d
    WHERE d.tenant_id = p_tenant ORDER BY d.retired_at NULLS FIRST;
END $$;

CREATE FUNCTION linkbroker.add_data_key(p_tenant uuid, p_id uuid, p_master_key_id text, p_wrapped bytea)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.data_keys (id, tenant_id, master_key_id, wrapped) VALUES (p_id, p_tenant, p_master_key_id, p_wrapped)
    ON CONFLICT (tenant_id) WHERE retired_at IS NULL DO NOTHING;
END $$;
`;
