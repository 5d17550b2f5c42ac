import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const COUNT = 'count_doctor_runs(timestamptz)';

/**
 * The doctor over the API: hosts that tenants have proven to be theirs, and runs with their reports. No secret of a run is
 * stored: what it signs in with goes to its process and nowhere else.
 */
export class DoctorRuns1764000000028 implements MigrationInterface {
  name = 'DoctorRuns1764000000028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['doctor_hosts', 'doctor_runs']) {
      await runner.query(`ALTER TABLE linkbroker.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.${table} USING (tenant_id = ${CURRENT_TENANT})`);
    }
    await runner.query(PRIVILEGES);
    await runner.query(FUNCTIONS);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    await runner.query(`ALTER FUNCTION linkbroker.${COUNT} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${COUNT} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${COUNT} TO linkbroker_admin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION linkbroker.${COUNT}`);
    await runner.query('DROP TABLE linkbroker.doctor_runs, linkbroker.doctor_hosts');
  }
}

const TABLES = `
-- token: what is to be published at the host; no secret.
CREATE TABLE linkbroker.doctor_hosts (
  tenant_id uuid NOT NULL CONSTRAINT doctor_hosts_tenant_fk REFERENCES linkbroker.tenants (id),
  host text NOT NULL CONSTRAINT doctor_hosts_host_check CHECK (host = lower(host)),
  token text NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL,
  checked_at timestamptz,
  proven_at timestamptz,
  proven_by text CONSTRAINT doctor_hosts_proven_by_check CHECK (proven_by IN ('dns', 'well-known')),
  PRIMARY KEY (tenant_id, host),
  CONSTRAINT doctor_hosts_proven_check CHECK ((proven_at IS NULL) = (proven_by IS NULL))
);

-- target: without a secret. screenshot: a PNG in base64. deadline_at: when whoever carried it out has certainly given up.
CREATE TABLE linkbroker.doctor_runs (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT doctor_runs_tenant_fk REFERENCES linkbroker.tenants (id),
  target jsonb NOT NULL,
  state text NOT NULL CONSTRAINT doctor_runs_state_check CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
  started_by text NOT NULL,
  started_at timestamptz NOT NULL,
  deadline_at timestamptz NOT NULL,
  ended_at timestamptz,
  progress text[] NOT NULL DEFAULT '{}',
  reason text,
  report jsonb,
  screenshot text,
  CONSTRAINT doctor_runs_ended_check CHECK ((ended_at IS NULL) = (state = 'running'))
);
CREATE INDEX doctor_runs_tenant ON linkbroker.doctor_runs (tenant_id, started_at);
CREATE INDEX doctor_runs_running ON linkbroker.doctor_runs (deadline_at) WHERE state = 'running';
`;

const PRIVILEGES = `
GRANT SELECT, INSERT, UPDATE, DELETE ON linkbroker.doctor_hosts, linkbroker.doctor_runs TO linkbroker_admin;
GRANT SELECT (state, deadline_at) ON linkbroker.doctor_runs TO linkbroker_resolver;
CREATE POLICY resolver_counts ON linkbroker.doctor_runs FOR SELECT TO linkbroker_resolver USING (true);
`;

const FUNCTIONS = `
-- How many runs there are at this moment, of all tenants. Until the transaction ends nobody else counts: whoever adds one
-- knows that the number still holds.
CREATE FUNCTION linkbroker.count_doctor_runs(p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1764000028);
  RETURN (SELECT count(*)::int FROM doctor_runs r WHERE r.state = 'running' AND r.deadline_at > p_now);
END $$;
`;
