import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;

/** Functions that look across tenants, and who may call them. */
const CALLERS: Readonly<Record<string, string>> = {
  'record_timeline(json)': 'linkbroker_broker, linkbroker_worker',
  'keep_timeline(timestamptz)': 'linkbroker_worker',
  'forget_timeline(timestamptz, integer)': 'linkbroker_worker',
  'resolve_timeline(text, uuid)': 'linkbroker_admin',
  'find_retired_secrets(text)': 'linkbroker_broker',
};

/**
 * The timeline of links: what happened to them, redacted, a partition for each week. In a schema of its own that belongs
 * to the resolver, because its partitions come and go at run time and applications may not make tables.
 * @see ADR 0004, ADR 0017
 */
export class Timeline1764000000020 implements MigrationInterface {
  name = 'Timeline1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA linkbroker_timeline AUTHORIZATION linkbroker_resolver');
    await runner.query(TENANTS);
    await runner.query('SET LOCAL ROLE linkbroker_resolver');
    await runner.query(TABLE);
    await runner.query('RESET ROLE');
    await runner.query(FUNCTIONS);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const [signature, roles] of Object.entries(CALLERS)) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO ${roles}`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query('SELECT linkbroker.keep_timeline(now())');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(CALLERS)) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    await runner.query('DROP SCHEMA linkbroker_timeline CASCADE');
    await runner.query('ALTER TABLE linkbroker.tenants DROP COLUMN timeline_days');
    await runner.query('REVOKE SELECT ON linkbroker.upstream_refresh_attempts FROM linkbroker_admin');
  }
}

const TENANTS = `
ALTER TABLE linkbroker.tenants ADD COLUMN timeline_days integer NOT NULL DEFAULT 30
  CONSTRAINT tenants_timeline_days_check CHECK (timeline_days BETWEEN 1 AND 400);
GRANT SELECT ON linkbroker.upstream_refresh_attempts TO linkbroker_admin;
`;

/**
 * Times of one process never repeat, so a link's entries have an order. Alexa's everyday refreshes are most of the rows:
 * they are found by their link, and left out of the index by time.
 */
const TABLE = `
CREATE TABLE linkbroker_timeline.entries (
  tenant_id uuid NOT NULL,
  at timestamptz NOT NULL,
  name text NOT NULL,
  skill_id uuid,
  link_id uuid,
  grant_id uuid,
  token_set_id uuid,
  reference text,
  connector text,
  outcome text,
  status smallint,
  ms real,
  detail text,
  figures jsonb,
  data jsonb,
  state_fingerprint text
) PARTITION BY RANGE (at);
CREATE TABLE linkbroker_timeline.entries_other PARTITION OF linkbroker_timeline.entries DEFAULT;
CREATE INDEX entries_link ON linkbroker_timeline.entries (link_id, at) WHERE link_id IS NOT NULL;
CREATE INDEX entries_reference ON linkbroker_timeline.entries (reference, at) WHERE reference IS NOT NULL;
CREATE INDEX entries_token_set ON linkbroker_timeline.entries (token_set_id, at) WHERE token_set_id IS NOT NULL;
CREATE INDEX entries_state ON linkbroker_timeline.entries (state_fingerprint) WHERE state_fingerprint IS NOT NULL;
CREATE INDEX entries_time ON linkbroker_timeline.entries (tenant_id, at) WHERE outcome IS DISTINCT FROM 'rotated';
ALTER TABLE linkbroker_timeline.entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE linkbroker_timeline.entries_other ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON linkbroker_timeline.entries FOR SELECT TO linkbroker_admin USING (tenant_id = ${CURRENT_TENANT});
CREATE POLICY resolver_records ON linkbroker_timeline.entries TO linkbroker_resolver USING (true) WITH CHECK (true);
GRANT USAGE ON SCHEMA linkbroker_timeline TO linkbroker_admin;
GRANT SELECT ON linkbroker_timeline.entries TO linkbroker_admin;
`;

const FUNCTIONS = `
-- Writes a batch, whoever's it is: an array of recorded events.
CREATE FUNCTION linkbroker.record_timeline(p_entries json) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  INSERT INTO linkbroker_timeline.entries (tenant_id, at, name, skill_id, link_id, grant_id, token_set_id, reference,
    connector, outcome, status, ms, detail, figures, data, state_fingerprint)
  SELECT "tenantId", at, name, "skillId", "linkId", "grantId", "tokenSetId", reference, connector, outcome, status, ms,
    detail, figures, data, "stateFingerprint"
  FROM json_to_recordset(p_entries) AS e ("tenantId" uuid, at timestamptz, name text, "skillId" uuid, "linkId" uuid,
    "grantId" uuid, "tokenSetId" uuid, reference text, connector text, outcome text, status smallint, ms real, detail text,
    figures jsonb, data jsonb, "stateFingerprint" text)
$$;

-- Makes the partitions of this week and the next two, and drops those that are older than any tenant keeps its timeline.
-- A week for which entries came early stays where they are.
CREATE FUNCTION linkbroker.keep_timeline(p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
DECLARE v_week timestamp; v_name text; v_days integer; v_changed integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('linkbroker.keep_timeline', 0)) THEN RETURN 0; END IF;
  PERFORM set_config('lock_timeout', '2s', true);
  FOR i IN 0 .. 2 LOOP
    v_week := date_trunc('week', p_now AT TIME ZONE 'UTC') + i * interval '7 days';
    v_name := 'entries_' || to_char(v_week, 'YYYYMMDD');
    CONTINUE WHEN to_regclass('linkbroker_timeline.' || v_name) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE linkbroker_timeline.%I PARTITION OF linkbroker_timeline.entries FOR VALUES FROM (%L) TO (%L)',
        v_name, v_week AT TIME ZONE 'UTC', (v_week + interval '7 days') AT TIME ZONE 'UTC');
      EXECUTE format('ALTER TABLE linkbroker_timeline.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', v_name);
      v_changed := v_changed + 1;
    EXCEPTION WHEN check_violation OR duplicate_table OR lock_not_available THEN NULL;
    END;
  END LOOP;
  SELECT coalesce(max(timeline_days), 30) INTO v_days FROM tenants;
  FOR v_name IN
    SELECT c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
    WHERE h.inhparent = 'linkbroker_timeline.entries'::regclass AND c.relname ~ '^entries_[0-9]{8}$'
      AND to_date(substr(c.relname, 9), 'YYYYMMDD') + 7 + v_days < (p_now AT TIME ZONE 'UTC')::date
  LOOP
    BEGIN
      EXECUTE format('DROP TABLE linkbroker_timeline.%I', v_name);
      v_changed := v_changed + 1;
    EXCEPTION WHEN lock_not_available THEN NULL;
    END;
  END LOOP;
  RETURN v_changed;
END $$;

-- Removes what is older than its tenant keeps it, in batches.
CREATE FUNCTION linkbroker.forget_timeline(p_now timestamptz, p_limit integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH old AS MATERIALIZED (
    SELECT e.tableoid AS part, e.ctid AS place FROM tenants t
      JOIN linkbroker_timeline.entries e ON e.tenant_id = t.id AND e.at < p_now - make_interval(days => t.timeline_days)
    LIMIT p_limit),
  gone AS (
    DELETE FROM linkbroker_timeline.entries e USING old WHERE e.tableoid = old.part AND e.ctid = old.place RETURNING 1)
  SELECT count(*) FROM gone
$$;

-- Whose attempt a support reference names, or whose link it is; for the operator, who is told no tenant.
CREATE FUNCTION linkbroker.resolve_timeline(p_reference text, p_link uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT coalesce(
    (SELECT l.tenant_id FROM links l WHERE l.id = p_link),
    (SELECT e.tenant_id FROM linkbroker_timeline.entries e WHERE e.reference = p_reference ORDER BY e.at DESC LIMIT 1))
$$;

-- Secrets that a client had: to say that a wrong one is yesterday's.
CREATE FUNCTION linkbroker.find_retired_secrets(p_client_id text) RETURNS TABLE (id uuid, hash text, retired_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT s.id, s.hash, s.retired_at FROM client_secrets s WHERE s.client_id = p_client_id AND s.retired_at IS NOT NULL
  ORDER BY s.retired_at DESC LIMIT 3
$$;
`;
