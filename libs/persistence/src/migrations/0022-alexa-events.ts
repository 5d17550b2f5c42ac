import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;

/**
 * Events on their way to Alexa: each message id of a link is delivered once, those that nobody waits for are kept sealed
 * until they are.
 * @see ADR 0019
 */
export class AlexaEvents1764000000022 implements MigrationInterface {
  name = 'AlexaEvents1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query('ALTER TABLE linkbroker.alexa_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
    await runner.query(
      `CREATE POLICY tenant_isolation ON linkbroker.alexa_events USING (tenant_id = ${CURRENT_TENANT})`,
    );
    await runner.query(PRIVILEGES);
    await runner.query(GRANTS);
    await runner.query(EVENTS);
    for (const name of CALLED_BY_BOTH) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO linkbroker_broker, linkbroker_worker`);
    }
    await runner.query(CROSS_TENANT);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const signature of CALLED_BY_WORKER) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO linkbroker_worker`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of [...CALLED_BY_BOTH, ...CALLED_BY_WORKER]) await runner.query(`DROP FUNCTION linkbroker.${name}`);
    await runner.query('DROP TABLE linkbroker.alexa_events');
    await runner.query('ALTER TABLE linkbroker.event_grants DROP COLUMN region');
  }
}

const CALLED_BY_BOTH = [
  'find_event_grant',
  'lease_event_grant',
  'use_event_grant',
  'stop_event_grant',
  'begin_alexa_event',
  'end_alexa_event',
];
const CALLED_BY_WORKER = [
  'claim_due_alexa_events(timestamptz, integer, interval)',
  'forget_alexa_events(timestamptz, integer)',
];

const TABLES = `
-- region: where this household's events were taken; null while nobody knows better than the skill.
ALTER TABLE linkbroker.event_grants ADD COLUMN region text
  CONSTRAINT event_grants_region_check CHECK (region IN ('na', 'eu', 'fe'));

-- sending: somebody waits for it, and what was to be sent is with them. queued: kept here, sealed, until it has ended.
CREATE TABLE linkbroker.alexa_events (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  link_id uuid NOT NULL,
  message_id text NOT NULL,
  state text NOT NULL CONSTRAINT alexa_events_state_check CHECK (state IN ('sending', 'queued', 'delivered', 'refused')),
  attempts integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  next_attempt_at timestamptz,
  sealed bytea,
  status smallint,
  code text,
  created_at timestamptz NOT NULL,
  CONSTRAINT alexa_events_message_key UNIQUE (tenant_id, link_id, message_id),
  CONSTRAINT alexa_events_link_fk FOREIGN KEY (tenant_id, link_id) REFERENCES linkbroker.links (tenant_id, id),
  CONSTRAINT alexa_events_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id),
  CONSTRAINT alexa_events_sealed_check CHECK ((sealed IS NOT NULL) = (state = 'queued'))
);
CREATE INDEX alexa_events_due ON linkbroker.alexa_events (next_attempt_at) WHERE state = 'queued';
CREATE INDEX alexa_events_queued ON linkbroker.alexa_events (link_id, created_at, id) WHERE state = 'queued';
CREATE INDEX alexa_events_age ON linkbroker.alexa_events (created_at);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT, UPDATE ON linkbroker.alexa_events TO linkbroker_broker;
GRANT SELECT, UPDATE ON linkbroker.alexa_events TO linkbroker_worker;
GRANT SELECT, UPDATE (sealed) ON linkbroker.alexa_events TO linkbroker_admin;
GRANT SELECT, DELETE, UPDATE (attempts, lease_until) ON linkbroker.alexa_events TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.alexa_events FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_claims ON linkbroker.alexa_events FOR UPDATE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_forgets ON linkbroker.alexa_events FOR DELETE TO linkbroker_resolver USING (true);
`;

const GRANTS = `
-- The tokens of a link that is alive, with the client and the region of its skill.
CREATE FUNCTION linkbroker.find_event_grant(p_tenant uuid, p_skill uuid, p_link uuid, p_now timestamptz)
RETURNS TABLE (grant_id uuid, grant_state text, grant_version integer, grant_failures integer, expires_at timestamptz,
  tokens bytea, home text, client_id text, client_secret bytea)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY SELECT e.id, e.state, e.version, e.failures, e.access_expires_at, e.sealed, coalesce(e.region, s.events->>'region'),
      s.events->>'clientId', s.events_secret
    FROM linkbroker.event_grants AS e JOIN linkbroker.skills AS s ON s.id = e.skill_id AND s.tenant_id = p_tenant
    WHERE e.tenant_id = p_tenant AND e.skill_id = p_skill AND e.link_id = p_link AND e.sealed IS NOT NULL AND s.events IS NOT NULL
      AND EXISTS (SELECT 1 FROM linkbroker.grants AS g WHERE g.link_id = p_link AND g.tenant_id = p_tenant AND g.revoked_at IS NULL
                    AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now));
END $$;

-- Takes the lease of one version for a refresh that an event needs; null where another holds it, or the grant has moved on.
CREATE FUNCTION linkbroker.lease_event_grant(p_tenant uuid, p_id uuid, p_version integer, p_lease interval)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v_fence integer;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.event_grants AS e SET fence = e.fence + 1, lease_until = clock_timestamp() + p_lease,
    exchanging_code_hash = NULL, attempt_at = clock_timestamp(), attempt_outcome = NULL
  WHERE e.id = p_id AND e.tenant_id = p_tenant AND e.version = p_version AND e.state IN ('active', 'at_risk')
    AND (e.lease_until IS NULL OR e.lease_until <= clock_timestamp())
  RETURNING e.fence INTO v_fence;
  RETURN v_fence;
END $$;

-- Notes that a grant is in use, hourly at most, and where its household was found.
CREATE FUNCTION linkbroker.use_event_grant(p_tenant uuid, p_id uuid, p_region text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.event_grants AS e SET last_used_at = p_now, region = coalesce(p_region, e.region),
    refresh_due_at = CASE WHEN e.refresh_due_at IS NULL THEN NULL ELSE least(e.refresh_due_at, e.active_due_at) END
  WHERE e.id = p_id AND e.tenant_id = p_tenant
    AND (e.region IS DISTINCT FROM coalesce(p_region, e.region) OR e.last_used_at IS NULL
      OR e.last_used_at < p_now - interval '1 hour');
END $$;

-- Wipes the tokens of a household that has disabled the skill, unless newer ones have come.
CREATE FUNCTION linkbroker.stop_event_grant(p_tenant uuid, p_id uuid, p_version integer)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.event_grants AS e SET state = 'ended', sealed = NULL, refresh_due_at = NULL, fence = e.fence + 1
  WHERE e.id = p_id AND e.tenant_id = p_tenant AND e.version = p_version
    AND (e.exchanging_code_hash IS NULL OR e.lease_until IS NULL OR e.lease_until <= clock_timestamp());
  RETURN FOUND;
END $$;
`;

const EVENTS = `
-- Takes the right to send an event, or tells what has become of it. An event that is to be queued is not claimed.
CREATE FUNCTION linkbroker.begin_alexa_event(p_tenant uuid, p_skill uuid, p_link uuid, p_id uuid, p_message text, p_sealed bytea,
  p_lease interval, p_now timestamptz)
RETURNS TABLE (claimed boolean, event_id uuid, event_state text, event_status smallint, event_code text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  RETURN QUERY
    INSERT INTO linkbroker.alexa_events AS a (id, tenant_id, skill_id, link_id, message_id, state, attempts, lease_until,
        next_attempt_at, sealed, created_at)
      VALUES (p_id, p_tenant, p_skill, p_link, p_message, CASE WHEN p_sealed IS NULL THEN 'sending' ELSE 'queued' END, 0,
        CASE WHEN p_sealed IS NULL THEN clock_timestamp() + p_lease END, CASE WHEN p_sealed IS NULL THEN NULL ELSE p_now END,
        p_sealed, p_now)
      ON CONFLICT ON CONSTRAINT alexa_events_message_key DO UPDATE SET lease_until = clock_timestamp() + p_lease
      WHERE a.state = 'sending' AND p_sealed IS NULL AND (a.lease_until IS NULL OR a.lease_until <= clock_timestamp())
      RETURNING true, a.id, a.state, a.status, a.code;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT false, a.id, a.state, a.status, a.code FROM linkbroker.alexa_events AS a
    WHERE a.tenant_id = p_tenant AND a.link_id = p_link AND a.message_id = p_message;
END $$;

-- Ends an attempt. p_state: delivered or refused ends the event; null leaves it to the next attempt, at p_next.
CREATE FUNCTION linkbroker.end_alexa_event(p_tenant uuid, p_id uuid, p_state text, p_status smallint, p_code text, p_next timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.alexa_events AS a SET state = coalesce(p_state, a.state), status = p_status, code = p_code,
    lease_until = NULL, next_attempt_at = p_next, sealed = CASE WHEN p_state IS NULL THEN a.sealed END
  WHERE a.id = p_id AND a.tenant_id = p_tenant AND a.state IN ('sending', 'queued');
END $$;
`;

const CROSS_TENANT = `
-- Claims queued events that are due, oldest first and of each link only the earliest: what comes later goes later.
CREATE FUNCTION linkbroker.claim_due_alexa_events(p_now timestamptz, p_limit integer, p_lease interval)
RETURNS TABLE (tenant_id uuid, event_id uuid, skill_id uuid, link_id uuid, attempts integer, sealed bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH due AS MATERIALIZED (
    SELECT a.id FROM alexa_events a
    WHERE a.state = 'queued' AND a.next_attempt_at <= p_now AND (a.lease_until IS NULL OR a.lease_until <= clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM alexa_events b WHERE b.link_id = a.link_id AND b.state = 'queued'
                        AND (b.created_at, b.id) < (a.created_at, a.id))
    ORDER BY a.next_attempt_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE alexa_events a SET attempts = a.attempts + 1, lease_until = clock_timestamp() + p_lease
  FROM due WHERE a.id = due.id
  RETURNING a.tenant_id, a.id, a.skill_id, a.link_id, a.attempts, a.sealed
$$;

CREATE FUNCTION linkbroker.forget_alexa_events(p_before timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (
    DELETE FROM alexa_events a USING (
      SELECT o.id FROM alexa_events o WHERE o.created_at < p_before ORDER BY o.created_at LIMIT p_limit) old
    WHERE a.id = old.id RETURNING 1)
  SELECT count(*) FROM gone
$$;
`;
