import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const CALLERS: Readonly<Record<string, string>> = {
  'count_upstream_refreshes(json)': 'linkbroker_broker, linkbroker_worker',
  'forget_refresh_hours(timestamptz)': 'linkbroker_worker',
};

/**
 * How refreshes at providers ended, hour by hour: the service level of links over days costs what connectors there are, and
 * not what the journal holds. And event grants are listed from the newest, by index.
 * @see docs/operations.md
 */
export class RefreshHours1764000000029 implements MigrationInterface {
  name = 'RefreshHours1764000000029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(FUNCTIONS);
    await runner.query('CREATE INDEX event_grants_newest ON linkbroker.event_grants (tenant_id, id)');
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const [signature, callers] of Object.entries(CALLERS)) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO ${callers}`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(CALLERS)) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    await runner.query('DROP TABLE linkbroker.upstream_refresh_hours');
    await runner.query('DROP INDEX linkbroker.event_grants_newest');
  }
}

const TABLE = `
CREATE TABLE linkbroker.upstream_refresh_hours (
  tenant_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  bucket text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant_id, hour, connector_id, bucket),
  CONSTRAINT upstream_refresh_hours_connector_fk FOREIGN KEY (tenant_id, connector_id) REFERENCES linkbroker.connectors (tenant_id, id)
);
ALTER TABLE linkbroker.upstream_refresh_hours ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON linkbroker.upstream_refresh_hours USING (tenant_id = ${CURRENT_TENANT});
CREATE POLICY resolver_counts ON linkbroker.upstream_refresh_hours TO linkbroker_resolver USING (true) WITH CHECK (true);
GRANT SELECT ON linkbroker.upstream_refresh_hours TO linkbroker_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON linkbroker.upstream_refresh_hours TO linkbroker_resolver;
`;

const FUNCTIONS = `
-- Adds what a process has counted. In the order of the key: two that add at once wait for each other and do not block.
CREATE FUNCTION linkbroker.count_upstream_refreshes(p_counts json) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  INSERT INTO upstream_refresh_hours AS h (tenant_id, connector_id, hour, bucket, count)
  SELECT n.tenant_id, n.id, c.hour, c.bucket, c.count
  FROM json_to_recordset(p_counts) AS c ("tenantId" uuid, "connectorId" uuid, hour timestamptz, bucket text, count bigint)
    JOIN connectors n ON n.id = c."connectorId" AND n.tenant_id = c."tenantId"
  ORDER BY 1, 3, 2, 4
  ON CONFLICT (tenant_id, hour, connector_id, bucket) DO UPDATE SET count = h.count + excluded.count
$$;

CREATE FUNCTION linkbroker.forget_refresh_hours(p_before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH gone AS (DELETE FROM upstream_refresh_hours WHERE hour < p_before RETURNING 1) SELECT count(*) FROM gone
$$;
`;
