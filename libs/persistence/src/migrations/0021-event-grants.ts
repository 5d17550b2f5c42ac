import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const CLAIM = 'claim_due_event_grants(timestamptz, integer, interval)';

/**
 * Skills that may send events to Alexa: their client at Login with Amazon, and the tokens that AcceptGrant brings for each
 * link.
 * @see ADR 0019
 */
export class EventGrants1764000000021 implements MigrationInterface {
  name = 'EventGrants1764000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query('ALTER TABLE linkbroker.event_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
    await runner.query(
      `CREATE POLICY tenant_isolation ON linkbroker.event_grants USING (tenant_id = ${CURRENT_TENANT})`,
    );
    await runner.query(PRIVILEGES);
    await runner.query(FUNCTIONS);
    for (const [name, roles] of Object.entries(CALLERS)) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO ${roles}`);
    }
    await runner.query(CROSS_TENANT);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    await runner.query(`ALTER FUNCTION linkbroker.${CLAIM} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${CLAIM} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${CLAIM} TO linkbroker_worker`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [...Object.keys(CALLERS), CLAIM]) await runner.query(`DROP FUNCTION linkbroker.${name}`);
    await runner.query('DROP TABLE linkbroker.event_grants');
    await runner.query('ALTER TABLE linkbroker.skills DROP COLUMN events, DROP COLUMN events_secret');
  }
}

const CALLERS: Readonly<Record<string, string>> = {
  begin_event_grant: 'linkbroker_broker',
  finish_event_grant: 'linkbroker_broker, linkbroker_worker',
  fail_event_grant: 'linkbroker_broker, linkbroker_worker',
};

const TABLES = `
-- events_secret: the secret of the skill's client for events, sealed by the vault.
ALTER TABLE linkbroker.skills
  ADD COLUMN events jsonb,
  ADD COLUMN events_secret bytea,
  ADD CONSTRAINT skills_events_check CHECK (events IS NOT NULL OR events_secret IS NULL);

-- One row for each link: pending until its first tokens are there. Codes are keyed fingerprints: exchanging_code_hash is the one
-- under way, accepted_code_hash the one that brought the tokens. lease_until is judged by the database's clock alone; a fence
-- that has moved on tells an answer that it comes too late. attempt_*: the last request to Login with Amazon; without an
-- outcome nobody knows what came of it.
CREATE TABLE linkbroker.event_grants (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  link_id uuid NOT NULL,
  state text NOT NULL CONSTRAINT event_grants_state_check CHECK (state IN ('pending', 'active', 'at_risk', 'dead', 'ended')),
  version integer NOT NULL,
  fence integer NOT NULL,
  sealed bytea,
  access_expires_at timestamptz,
  active_due_at timestamptz,
  refresh_due_at timestamptz,
  last_used_at timestamptz,
  lease_until timestamptz,
  exchanging_code_hash bytea,
  accepted_code_hash bytea,
  accepted_at timestamptz,
  attempt_at timestamptz,
  attempt_outcome text CONSTRAINT event_grants_outcome_check
    CHECK (attempt_outcome IN ('stored', 'terminal', 'transient', 'misconfigured', 'not-sent')),
  last_error text,
  failures integer NOT NULL DEFAULT 0,
  terminal_count integer NOT NULL DEFAULT 0,
  first_terminal_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT event_grants_link_key UNIQUE (tenant_id, link_id),
  CONSTRAINT event_grants_link_fk FOREIGN KEY (tenant_id, link_id) REFERENCES linkbroker.links (tenant_id, id),
  CONSTRAINT event_grants_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id),
  CONSTRAINT event_grants_sealed_check CHECK ((sealed IS NULL) = (state IN ('pending', 'ended')))
);
CREATE INDEX event_grants_due ON linkbroker.event_grants (refresh_due_at) WHERE refresh_due_at IS NOT NULL;
CREATE INDEX event_grants_skill ON linkbroker.event_grants (skill_id);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT, UPDATE, DELETE ON linkbroker.event_grants TO linkbroker_broker;
GRANT SELECT, UPDATE, DELETE ON linkbroker.event_grants TO linkbroker_worker;
GRANT SELECT, UPDATE (sealed, state, refresh_due_at, fence) ON linkbroker.event_grants TO linkbroker_admin;
GRANT SELECT ON linkbroker.event_grants TO linkbroker_resolver;
GRANT UPDATE (state, sealed, fence, lease_until, exchanging_code_hash, refresh_due_at, attempt_at, attempt_outcome)
  ON linkbroker.event_grants TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.event_grants FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_claims ON linkbroker.event_grants FOR UPDATE TO linkbroker_resolver USING (true);
`;

const FUNCTIONS = `
-- Takes the right to exchange a code for a link. 'accepted': this very code brought the tokens that are there. 'under-way':
-- somebody exchanges it. A code that is new goes before whatever else is under way for the link. The commit is the last
-- word before the code is spent, and proves that what it brings can be stored.
CREATE FUNCTION linkbroker.begin_event_grant(p_tenant uuid, p_skill uuid, p_link uuid, p_id uuid, p_code bytea, p_keep interval,
  p_lease interval, p_now timestamptz)
RETURNS TABLE (outcome text, grant_id uuid, grant_fence integer, grant_version integer) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY
    INSERT INTO linkbroker.event_grants AS e (id, tenant_id, skill_id, link_id, state, version, fence, lease_until,
        exchanging_code_hash, attempt_at, created_at, updated_at)
      VALUES (p_id, p_tenant, p_skill, p_link, 'pending', 0, 1, clock_timestamp() + p_lease, p_code, clock_timestamp(), p_now, p_now)
      ON CONFLICT ON CONSTRAINT event_grants_link_key DO UPDATE SET fence = e.fence + 1, lease_until = clock_timestamp() + p_lease,
        exchanging_code_hash = p_code, attempt_at = clock_timestamp(), attempt_outcome = NULL
      WHERE NOT (e.state = 'active' AND e.accepted_code_hash IS NOT DISTINCT FROM p_code AND coalesce(e.accepted_at > p_now - p_keep, false))
        AND NOT (e.exchanging_code_hash IS NOT DISTINCT FROM p_code AND coalesce(e.lease_until > clock_timestamp(), false))
      RETURNING 'claimed', e.id, e.fence, e.version;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT CASE WHEN e.exchanging_code_hash IS NOT DISTINCT FROM p_code THEN 'under-way' ELSE 'accepted' END, e.id, e.fence, e.version
    FROM linkbroker.event_grants AS e WHERE e.tenant_id = p_tenant AND e.link_id = p_link;
END $$;

-- Stores what came back where the fence still matches and gives the lease back. p_code: the code that brought it, null for
-- a refresh.
CREATE FUNCTION linkbroker.finish_event_grant(p_tenant uuid, p_id uuid, p_fence integer, p_version integer,
  p_access_expires_at timestamptz, p_active_due_at timestamptz, p_dormant_due_at timestamptz, p_sealed bytea, p_code bytea,
  p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.event_grants AS e SET version = p_version, sealed = p_sealed, state = 'active',
    access_expires_at = p_access_expires_at, active_due_at = p_active_due_at, lease_until = NULL, exchanging_code_hash = NULL,
    accepted_code_hash = coalesce(p_code, e.accepted_code_hash),
    accepted_at = CASE WHEN p_code IS NULL THEN e.accepted_at ELSE p_now END,
    last_used_at = CASE WHEN p_code IS NULL THEN e.last_used_at ELSE p_now END,
    refresh_due_at = CASE WHEN p_code IS NOT NULL OR e.last_used_at > p_now - interval '7 days' THEN p_active_due_at ELSE p_dormant_due_at END,
    attempt_outcome = 'stored', last_error = NULL, failures = 0, terminal_count = 0, first_terminal_at = NULL, updated_at = p_now
  WHERE e.id = p_id AND e.tenant_id = p_tenant AND e.fence = p_fence AND e.version = p_version - 1;
  RETURN FOUND;
END $$;

-- Ends an attempt that brought nothing and gives the lease back. A grant that has no tokens goes with it; one that has
-- keeps them. p_due_at: when a refresh is tried again, null for a code, which says nothing about the tokens that are there.
-- A refusal of the refresh token is evidence; a second one six hours later is a verdict, but not while every other grant of
-- the skill that failed since has found no success either.
CREATE FUNCTION linkbroker.fail_event_grant(p_tenant uuid, p_id uuid, p_fence integer, p_outcome text, p_error_code text,
  p_due_at timestamptz, p_now timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_refused boolean := p_outcome = 'terminal' AND p_due_at IS NOT NULL; v_state text;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  DELETE FROM linkbroker.event_grants AS e
  WHERE e.id = p_id AND e.tenant_id = p_tenant AND e.fence = p_fence AND e.state = 'pending';
  IF FOUND THEN RETURN NULL; END IF;
  UPDATE linkbroker.event_grants AS e SET lease_until = NULL, exchanging_code_hash = NULL, attempt_outcome = p_outcome,
    last_error = p_error_code, failures = e.failures + (p_due_at IS NOT NULL)::integer,
    refresh_due_at = coalesce(p_due_at, e.refresh_due_at),
    terminal_count = e.terminal_count + v_refused::integer,
    first_terminal_at = CASE WHEN v_refused THEN coalesce(e.first_terminal_at, p_now) ELSE e.first_terminal_at END,
    state = CASE WHEN v_refused AND e.state IN ('active', 'at_risk') THEN 'at_risk' ELSE e.state END
  WHERE e.id = p_id AND e.tenant_id = p_tenant AND e.fence = p_fence RETURNING e.state INTO v_state;
  UPDATE linkbroker.event_grants AS e SET state = 'dead', refresh_due_at = NULL
  WHERE e.id = p_id AND e.tenant_id = p_tenant AND e.fence = p_fence AND v_refused AND e.state = 'at_risk'
    AND e.terminal_count >= 2 AND e.first_terminal_at <= p_now - interval '6 hours'
    AND (EXISTS (SELECT 1 FROM linkbroker.event_grants AS o WHERE o.tenant_id = p_tenant AND o.skill_id = e.skill_id
                   AND o.id <> p_id AND o.updated_at >= e.first_terminal_at)
      OR NOT EXISTS (SELECT 1 FROM linkbroker.event_grants AS o WHERE o.tenant_id = p_tenant AND o.skill_id = e.skill_id
                   AND o.id <> p_id AND o.failures > 0));
  RETURN CASE WHEN FOUND THEN 'dead' ELSE v_state END;
END $$;
`;

const CROSS_TENANT = `
-- Claims what is due with its lease, oldest first, and the client it is refreshed with. Tokens of a link that no living
-- grant leads to are wiped; those of a skill that has lost its permission wait for it.
CREATE FUNCTION linkbroker.claim_due_event_grants(p_now timestamptz, p_limit integer, p_lease interval)
RETURNS TABLE (tenant_id uuid, grant_id uuid, skill_id uuid, link_id uuid, version integer, fence integer, failures integer,
  state text, sealed bytea, client_id text, client_secret bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH locked AS MATERIALIZED (
    SELECT e.id, e.skill_id, e.link_id FROM event_grants e
    WHERE e.refresh_due_at <= p_now AND (e.lease_until IS NULL OR e.lease_until <= clock_timestamp())
    ORDER BY e.refresh_due_at LIMIT p_limit FOR UPDATE SKIP LOCKED),
  needed AS MATERIALIZED (
    SELECT k.id, s.events, s.events_secret, EXISTS (
      SELECT 1 FROM grants g WHERE g.link_id = k.link_id AND g.revoked_at IS NULL
        AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now)) AS live
    FROM locked k JOIN skills s ON s.id = k.skill_id),
  ended AS (
    UPDATE event_grants e SET state = 'ended', sealed = NULL, refresh_due_at = NULL, fence = e.fence + 1
    FROM needed n WHERE e.id = n.id AND NOT n.live),
  waiting AS (
    UPDATE event_grants e SET refresh_due_at = p_now + interval '1 hour'
    FROM needed n WHERE e.id = n.id AND n.live AND n.events IS NULL),
  claimed AS (
    UPDATE event_grants e SET fence = e.fence + 1, lease_until = clock_timestamp() + p_lease, exchanging_code_hash = NULL,
      refresh_due_at = p_now + interval '5 minutes', attempt_at = clock_timestamp(), attempt_outcome = NULL
    FROM needed n WHERE e.id = n.id AND n.live AND n.events IS NOT NULL
    RETURNING e.*, n.events->>'clientId' AS events_client, n.events_secret)
  SELECT c.tenant_id, c.id, c.skill_id, c.link_id, c.version, c.fence, c.failures, c.state, c.sealed, c.events_client, c.events_secret
  FROM claimed c
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
           'relay', k.relay || jsonb_build_object('sealedSecret', encode(k.relay_secret, 'base64'))) END
      || CASE WHEN k.events IS NULL THEN '{}' ELSE jsonb_build_object(
           'events', k.events || jsonb_build_object('sealedSecret', encode(k.events_secret, 'base64'))) END)
  FROM clients c JOIN skills k ON k.id = c.skill_id JOIN tenants t ON t.id = k.tenant_id
  WHERE c.client_id = p_client_id AND k.removed_at IS NULL
$$;
`;
