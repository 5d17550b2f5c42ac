import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const TENANT_TABLES = ['alexa_users', 'skill_disablements', 'skill_events'];
const CALLED_BY_BROKER = [
  'links_of_alexa_user',
  'end_disabled_grants',
  'note_skill_event',
  'skill_event_handled',
  'tie_alexa_user',
  'disable_alexa_user',
];
const FORGET = 'forget_skill_events(timestamptz, integer)';

/**
 * What Alexa's signed skill events say: whose account a grant was linked with, and that somebody disabled the skill.
 * @see ADR 0020
 */
export class SkillEvents1764000000023 implements MigrationInterface {
  name = 'SkillEvents1764000000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE linkbroker.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.${table} USING (tenant_id = ${CURRENT_TENANT})`);
    }
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
    await runner.query('SET LOCAL ROLE linkbroker_resolver');
    await runner.query(TIMELINE);
    await runner.query('RESET ROLE');
    await runner.query(recordTimeline(', alexa_user', ', "alexaUser"', ', "alexaUser" text'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(recordTimeline('', '', ''));
    for (const name of [...CALLED_BY_BROKER, FORGET]) await runner.query(`DROP FUNCTION linkbroker.${name}`);
    for (const table of TENANT_TABLES) await runner.query(`DROP TABLE linkbroker.${table}`);
    await runner.query('SET LOCAL ROLE linkbroker_resolver');
    await runner.query('ALTER TABLE linkbroker_timeline.entries DROP COLUMN alexa_user');
    await runner.query('RESET ROLE');
  }
}

const TABLES = `
-- Which of Alexa's users a grant was linked by, as a keyed fingerprint: one row for a grant, the newest event counts. linked_at
-- is Alexa's time, so that it can be held against disabled_at, which is Alexa's too.
CREATE TABLE linkbroker.alexa_users (
  grant_id uuid CONSTRAINT alexa_users_pkey PRIMARY KEY
    CONSTRAINT alexa_users_grant_fk REFERENCES linkbroker.grants (id) ON DELETE CASCADE,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  link_id uuid NOT NULL,
  user_hash bytea NOT NULL,
  linked_at timestamptz NOT NULL,
  CONSTRAINT alexa_users_link_fk FOREIGN KEY (tenant_id, link_id) REFERENCES linkbroker.links (tenant_id, id),
  CONSTRAINT alexa_users_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id)
);
CREATE INDEX alexa_users_user ON linkbroker.alexa_users (tenant_id, user_hash, skill_id);

-- When a user last disabled a skill: events come in any order, and the one that says whose a grant is may come after it.
CREATE TABLE linkbroker.skill_disablements (
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  user_hash bytea NOT NULL,
  disabled_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT skill_disablements_pkey PRIMARY KEY (tenant_id, skill_id, user_hash),
  CONSTRAINT skill_disablements_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id)
);
CREATE INDEX skill_disablements_age ON linkbroker.skill_disablements (received_at);

-- Events that were handled, so that none is handled twice.
CREATE TABLE linkbroker.skill_events (
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  request_id text NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT skill_events_pkey PRIMARY KEY (tenant_id, skill_id, request_id),
  CONSTRAINT skill_events_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id)
);
CREATE INDEX skill_events_age ON linkbroker.skill_events (received_at);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT, UPDATE ON linkbroker.alexa_users, linkbroker.skill_disablements TO linkbroker_broker;
GRANT SELECT, INSERT ON linkbroker.skill_events TO linkbroker_broker;
GRANT SELECT ON linkbroker.alexa_users TO linkbroker_admin;
GRANT SELECT, DELETE ON linkbroker.skill_disablements, linkbroker.skill_events TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.skill_disablements FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_forgets ON linkbroker.skill_disablements FOR DELETE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.skill_events FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_forgets ON linkbroker.skill_events FOR DELETE TO linkbroker_resolver USING (true);
`;

const FUNCTIONS = `
-- What is known of a user, newest first.
CREATE FUNCTION linkbroker.links_of_alexa_user(p_tenant uuid, p_skill uuid, p_user bytea) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('grantId', k.grant_id, 'linkId', k.link_id) ORDER BY k.linked_at DESC), '[]')
  FROM (SELECT u.grant_id, u.link_id, u.linked_at FROM linkbroker.alexa_users AS u
        WHERE u.tenant_id = p_tenant AND u.user_hash = p_user AND u.skill_id = p_skill ORDER BY u.linked_at DESC LIMIT 20) AS k
$$;

-- Ends the user's grants that are older than the disablement: linked before it by Alexa's clock and made before it by ours.
-- What was made after we heard of it stays whatever Alexa's clock says. A grant of which one of the two is doubtful stays.
CREATE FUNCTION linkbroker.end_disabled_grants(p_tenant uuid, p_skill uuid, p_user bytea, p_now timestamptz)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE v_ended uuid[]; v_link uuid;
BEGIN
  SELECT array_agg(k.id) INTO v_ended FROM (
    SELECT g.id FROM linkbroker.skill_disablements AS d
      JOIN linkbroker.alexa_users AS u ON u.tenant_id = p_tenant AND u.user_hash = p_user AND u.skill_id = p_skill
      JOIN linkbroker.grants AS g ON g.id = u.grant_id AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    WHERE d.tenant_id = p_tenant AND d.skill_id = p_skill AND d.user_hash = p_user
      AND u.linked_at < d.disabled_at AND g.created_at < least(d.disabled_at, d.received_at) AND g.revoked_at IS NULL
    ORDER BY g.id FOR UPDATE OF g) AS k;
  IF v_ended IS NULL THEN RETURN '[]'; END IF;
  UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = 'skill disabled'
  WHERE g.id = ANY (v_ended) AND g.tenant_id = p_tenant AND g.skill_id = p_skill;
  FOR v_link IN SELECT DISTINCT u.link_id FROM linkbroker.alexa_users AS u
                WHERE u.grant_id = ANY (v_ended) AND u.tenant_id = p_tenant ORDER BY 1 LOOP
    PERFORM linkbroker.hold_link_revocation(p_tenant, v_link, p_now);
    PERFORM linkbroker.tell_link_revoked(p_tenant, p_skill, v_link, 'skill disabled', p_now);
  END LOOP;
  RETURN (SELECT jsonb_agg(jsonb_build_object('grantId', u.grant_id, 'linkId', u.link_id) ORDER BY u.grant_id)
          FROM linkbroker.alexa_users AS u WHERE u.grant_id = ANY (v_ended) AND u.tenant_id = p_tenant);
END $$;

-- Null where the event was handled before; whoever comes at the same time waits for the first to be done.
CREATE FUNCTION linkbroker.note_skill_event(p_tenant uuid, p_skill uuid, p_request text, p_user bytea, p_now timestamptz)
RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  INSERT INTO linkbroker.skill_events (tenant_id, skill_id, request_id, received_at)
    VALUES (p_tenant, p_skill, p_request, p_now) ON CONFLICT ON CONSTRAINT skill_events_pkey DO NOTHING;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN jsonb_build_object('ties', linkbroker.links_of_alexa_user(p_tenant, p_skill, p_user), 'ended', '[]'::jsonb);
END $$;

CREATE FUNCTION linkbroker.skill_event_handled(p_tenant uuid, p_skill uuid, p_request text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN EXISTS (SELECT 1 FROM linkbroker.skill_events AS e
                 WHERE e.tenant_id = p_tenant AND e.skill_id = p_skill AND e.request_id = p_request);
END $$;

-- Ties a grant to the user who linked it. One who has disabled the skill since loses it at once. The lock keeps both events
-- of a user apart, so that the second one always sees what the first has written.
CREATE FUNCTION linkbroker.tie_alexa_user(p_tenant uuid, p_skill uuid, p_request text, p_user bytea, p_grant uuid,
  p_at timestamptz, p_now timestamptz)
RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  IF linkbroker.note_skill_event(p_tenant, p_skill, p_request, p_user, p_now) IS NULL THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_user, 'hex'), 2));
  INSERT INTO linkbroker.alexa_users AS u (grant_id, tenant_id, skill_id, link_id, user_hash, linked_at)
    SELECT g.id, p_tenant, p_skill, g.link_id, p_user, p_at FROM linkbroker.grants AS g
    WHERE g.id = p_grant AND g.tenant_id = p_tenant AND g.skill_id = p_skill
    ON CONFLICT ON CONSTRAINT alexa_users_pkey DO UPDATE SET user_hash = excluded.user_hash, linked_at = excluded.linked_at
    WHERE u.linked_at < excluded.linked_at;
  RETURN jsonb_build_object('ties', linkbroker.links_of_alexa_user(p_tenant, p_skill, p_user),
    'ended', linkbroker.end_disabled_grants(p_tenant, p_skill, p_user, p_now));
END $$;

-- Notes that a user has disabled the skill, and ends what he had linked before.
CREATE FUNCTION linkbroker.disable_alexa_user(p_tenant uuid, p_skill uuid, p_request text, p_user bytea, p_at timestamptz,
  p_now timestamptz)
RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  IF linkbroker.note_skill_event(p_tenant, p_skill, p_request, p_user, p_now) IS NULL THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_user, 'hex'), 2));
  INSERT INTO linkbroker.skill_disablements AS d (tenant_id, skill_id, user_hash, disabled_at, received_at)
    VALUES (p_tenant, p_skill, p_user, p_at, p_now)
    ON CONFLICT ON CONSTRAINT skill_disablements_pkey
    DO UPDATE SET disabled_at = excluded.disabled_at, received_at = excluded.received_at
    WHERE d.disabled_at < excluded.disabled_at;
  RETURN jsonb_build_object('ties', linkbroker.links_of_alexa_user(p_tenant, p_skill, p_user),
    'ended', linkbroker.end_disabled_grants(p_tenant, p_skill, p_user, p_now));
END $$;
`;

const CROSS_TENANT = `
-- Forgets events and disablements that came before p_before, up to p_limit of each.
CREATE FUNCTION linkbroker.forget_skill_events(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH events AS (
    DELETE FROM skill_events e USING (
      SELECT o.tenant_id, o.skill_id, o.request_id FROM skill_events o WHERE o.received_at < p_before
      ORDER BY o.received_at LIMIT p_limit) old
    WHERE e.tenant_id = old.tenant_id AND e.skill_id = old.skill_id AND e.request_id = old.request_id RETURNING 1),
  disablements AS (
    DELETE FROM skill_disablements d USING (
      SELECT o.tenant_id, o.skill_id, o.user_hash FROM skill_disablements o WHERE o.received_at < p_before
      ORDER BY o.received_at LIMIT p_limit) old
    WHERE d.tenant_id = old.tenant_id AND d.skill_id = old.skill_id AND d.user_hash = old.user_hash
      AND d.received_at < p_before RETURNING 1)
  SELECT greatest((SELECT count(*) FROM events), (SELECT count(*) FROM disablements))
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
      || CASE WHEN k.relay IS NULL THEN '{}' ELSE jsonb_build_object(
           'relay', k.relay || jsonb_build_object('sealedSecret', encode(k.relay_secret, 'base64'))) END
      || CASE WHEN k.events IS NULL THEN '{}' ELSE jsonb_build_object(
           'events', k.events || jsonb_build_object('sealedSecret', encode(k.events_secret, 'base64'))) END)
  FROM clients c JOIN skills k ON k.id = c.skill_id JOIN tenants t ON t.id = k.tenant_id
  WHERE c.client_id = p_client_id AND k.removed_at IS NULL
$$;
`;

const TIMELINE = `
ALTER TABLE linkbroker_timeline.entries ADD COLUMN alexa_user text;
CREATE INDEX entries_alexa_user ON linkbroker_timeline.entries (alexa_user, at) WHERE alexa_user IS NOT NULL;
`;

/** Writes a batch, whoever's it is: an array of recorded events. */
const recordTimeline = (column: string, field: string, type: string): string => `
CREATE OR REPLACE FUNCTION linkbroker.record_timeline(p_entries json) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  INSERT INTO linkbroker_timeline.entries (tenant_id, at, name, skill_id, link_id, grant_id, token_set_id, reference,
    connector, outcome, status, ms, detail, figures, data, state_fingerprint${column})
  SELECT "tenantId", at, name, "skillId", "linkId", "grantId", "tokenSetId", reference, connector, outcome, status, ms,
    detail, figures, data, "stateFingerprint"${field}
  FROM json_to_recordset(p_entries) AS e ("tenantId" uuid, at timestamptz, name text, "skillId" uuid, "linkId" uuid,
    "grantId" uuid, "tokenSetId" uuid, reference text, connector text, outcome text, status smallint, ms real, detail text,
    figures jsonb, data jsonb, "stateFingerprint" text${type})
$$;
`;
