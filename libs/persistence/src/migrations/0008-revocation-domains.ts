import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Revocation domains: a revocation is a row that is held for an hour; finishing a link in the domain cancels it in the
 * same transaction, and whoever carries it out locks the domain and counts again. The functions that look across tenants
 * are at the end; across tenants a domain can only hold a revocation back.
 * @see ADR 0004, ADR 0012
 */
export class RevocationDomains1764000000008 implements MigrationInterface {
  name = 'RevocationDomains1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION linkbroker.complete_link');
    await runner.query(CROSS_TENANT);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const [signature, roles] of Object.entries(CROSS_TENANT_CALLERS)) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO ${roles}`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(REVOCATIONS);
    for (const [name, roles] of Object.entries(CALLERS)) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO ${roles}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['complete_link', 'hold_link_revocation', 'finish_upstream_revocation'])
      await runner.query(`DROP FUNCTION linkbroker.${name}`);
    for (const signature of Object.keys(CROSS_TENANT_CALLERS)) {
      if (!signature.startsWith('resolve_client')) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    }
  }
}

const CALLERS: Readonly<Record<string, string>> = {
  complete_link: 'linkbroker_broker',
  hold_link_revocation: 'linkbroker_broker, linkbroker_admin, linkbroker_worker',
  finish_upstream_revocation: 'linkbroker_worker',
};

const CROSS_TENANT_CALLERS: Readonly<Record<string, string>> = {
  'resolve_client(text)': 'linkbroker_broker',
  'cancel_upstream_revocations(bytea, timestamptz)': 'linkbroker_broker',
  'claim_upstream_revocation(timestamptz, timestamptz)': 'linkbroker_worker',
  'resolve_grant(uuid, bytea)': 'linkbroker_broker',
  'resolve_handed_out_token(bytea)': 'linkbroker_broker',
  'expire_handed_out_tokens(timestamptz, integer)': 'linkbroker_worker',
};

const REVOCATIONS = `
-- Asks for the upstream revocation of a link that has just ended: only where the connector wants it and no other link
-- of the domain lives in this tenant. Held for an hour; the last word is the count when it is carried out.
CREATE FUNCTION linkbroker.hold_link_revocation(p_tenant uuid, p_link uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.upstream_revocations AS r (id, tenant_id, connector_id, token_set_id, domain, requested_at, hold_until, next_attempt_at)
    SELECT gen_random_uuid(), p_tenant, u.connector_id, u.id, u.domain, p_now, p_now + interval '1 hour', p_now + interval '1 hour'
    FROM linkbroker.links AS l
      JOIN linkbroker.upstream_token_sets AS u ON u.id = l.token_set_id AND u.tenant_id = p_tenant
      JOIN linkbroker.connectors AS n ON n.id = u.connector_id AND n.tenant_id = p_tenant
    WHERE l.id = p_link AND l.tenant_id = p_tenant AND n.revoke_upstream = 'last-link' AND u.domain IS NOT NULL
      AND u.state IN ('active', 'at_risk')
      AND NOT EXISTS (
        SELECT 1 FROM linkbroker.upstream_token_sets AS o
          JOIN linkbroker.links AS ol ON ol.token_set_id = o.id AND ol.tenant_id = p_tenant
          JOIN linkbroker.grants AS g ON g.link_id = ol.id AND g.tenant_id = p_tenant
        WHERE o.tenant_id = p_tenant AND o.domain = u.domain AND g.revoked_at IS NULL
          AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now))
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION linkbroker.revoke_grant(p_tenant uuid, p_skill uuid, p_grant uuid, p_secret_hash bytea, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_link uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = p_reason
  WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    AND g.secret_hash = p_secret_hash AND g.revoked_at IS NULL
  RETURNING g.link_id INTO v_link;
  IF v_link IS NULL THEN RETURN false; END IF;
  PERFORM linkbroker.hold_link_revocation(p_tenant, v_link, p_now);
  RETURN true;
END $$;

-- Ties the link, leaves the pending grant, cancels what was held in the domain: one transaction, under the domain's lock.
-- Null when a revocation of the domain is being carried out: what was just obtained dies with it.
CREATE FUNCTION linkbroker.complete_link(p_tenant uuid, p_skill uuid, p_connector uuid, p_subject text, p_token_set uuid,
  p_new_link uuid, p_grant uuid, p_code_hash bytea, p_code_expires_at timestamptz, p_redirect_uri text,
  p_code_challenge text, p_scopes text[], p_now timestamptz)
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
  INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash,
      code_challenge, redirect_uri, scopes)
    VALUES (p_grant, p_tenant, p_skill, v_link, p_now, p_code_expires_at, p_code_hash, p_code_challenge,
      p_redirect_uri, p_scopes);
  RETURN v_link;
END $$;

-- Ends a revocation that was carried out or is given up; otherwise leaves it for p_next. What has been revoked is wiped.
CREATE FUNCTION linkbroker.finish_upstream_revocation(p_tenant uuid, p_id uuid, p_state text, p_error text, p_next timestamptz, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_domain bytea; v_connector uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_revocations AS r
  SET state = p_state, last_error = p_error, next_attempt_at = coalesce(p_next, r.next_attempt_at),
    ended_at = CASE WHEN p_state IN ('done', 'failed') THEN p_now END
  WHERE r.id = p_id AND r.tenant_id = p_tenant AND r.state = 'running'
  RETURNING r.domain INTO v_domain;
  IF p_state = 'done' AND v_domain IS NOT NULL THEN
    UPDATE linkbroker.upstream_token_sets AS u SET state = 'revoked', has_refresh_token = false, access_expires_at = p_now,
      sealed = '', version = u.version + 1, fence = u.fence + 1, lease_until = NULL, refresh_due_at = NULL, updated_at = p_now
    WHERE u.tenant_id = p_tenant AND u.domain = v_domain;
  END IF;
END $$;
`;

const CROSS_TENANT = `
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
                     WHERE sc.skill_id = k.id AND n.removed_at IS NULL)))
  FROM clients c JOIN skills k ON k.id = c.skill_id JOIN tenants t ON t.id = k.tenant_id
  WHERE c.client_id = p_client_id AND k.removed_at IS NULL
$$;

-- A link is being finished in this domain: whoever holds a revocation of it gives it up. Answers how many are being
-- carried out right now, which cannot be given up any more.
CREATE FUNCTION linkbroker.cancel_upstream_revocations(p_domain bytea, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
BEGIN
  UPDATE upstream_revocations SET state = 'cancelled', ended_at = p_now WHERE domain = p_domain AND state = 'held';
  RETURN (SELECT count(*) FROM upstream_revocations WHERE domain = p_domain AND state = 'running');
END $$;

-- Takes one revocation that is due: the domain is locked and its live grants are counted again, whoever they belong to;
-- where there are any, it is cancelled and the next one is looked at.
CREATE FUNCTION linkbroker.claim_upstream_revocation(p_now timestamptz, p_lease_until timestamptz)
RETURNS TABLE (id uuid, tenant_id uuid, connector_id uuid, token_set_id uuid, attempts integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
DECLARE v_row upstream_revocations;
BEGIN
  LOOP
    SELECT * INTO v_row FROM upstream_revocations AS r
    WHERE r.state IN ('held', 'running') AND r.next_attempt_at <= p_now
    ORDER BY r.next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(v_row.domain, 'hex'), 0));
    IF EXISTS (SELECT 1 FROM upstream_token_sets u JOIN links l ON l.token_set_id = u.id JOIN grants g ON g.link_id = l.id
               WHERE u.domain = v_row.domain AND g.revoked_at IS NULL
                 AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now)) THEN
      UPDATE upstream_revocations AS r SET state = 'cancelled', ended_at = p_now WHERE r.id = v_row.id;
    ELSE
      UPDATE upstream_revocations AS r SET state = 'running', attempts = r.attempts + 1, next_attempt_at = p_lease_until
      WHERE r.id = v_row.id;
      RETURN QUERY SELECT v_row.id, v_row.tenant_id, v_row.connector_id, v_row.token_set_id, v_row.attempts + 1;
      RETURN;
    END IF;
  END LOOP;
END $$;

-- Whose grant an access token belongs to that comes without a client; matched by its secret.
CREATE FUNCTION linkbroker.resolve_grant(p_grant uuid, p_access_secret_hash bytea)
RETURNS TABLE (tenant_id uuid, skill_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT g.tenant_id, g.skill_id FROM grants g WHERE g.id = p_grant AND g.access_secret_hash = p_access_secret_hash
$$;

CREATE FUNCTION linkbroker.resolve_handed_out_token(p_fingerprint bytea)
RETURNS TABLE (tenant_id uuid, skill_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT h.tenant_id, h.skill_id FROM handed_out_tokens h WHERE h.fingerprint = p_fingerprint ORDER BY h.issued_at DESC LIMIT 1
$$;

CREATE FUNCTION linkbroker.expire_handed_out_tokens(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (
    DELETE FROM handed_out_tokens WHERE (fingerprint, grant_id) IN (
      SELECT fingerprint, grant_id FROM handed_out_tokens WHERE expires_at < p_before ORDER BY expires_at LIMIT p_limit)
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
`;
