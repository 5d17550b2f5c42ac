import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DELIVER_EVENTS, DELIVER_EVENTS_ACROSS_TENANTS } from './0012-events-delivered.js';
import { END_LOST_ATTEMPTS, TELL_EVENTS, TOLD_BY } from './0012-events-told.js';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const TENANT_TABLES = ['webhooks', 'events', 'event_deliveries'] as const;

/**
 * Events for tenants: written in the transaction of what they tell, delivered by the worker, in order for each link.
 * The functions that make something happen are replaced by ones that do the same and tell it.
 * @see ADR 0004, ADR 0014
 */
export class Events1764000000012 implements MigrationInterface {
  name = 'Events1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE linkbroker.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.${table} USING (tenant_id = ${CURRENT_TENANT})`);
    }
    await runner.query(PRIVILEGES);
    await runner.query(TELL_EVENTS);
    await runner.query(DELIVER_EVENTS);
    for (const [name, roles] of Object.entries(CALLERS)) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO ${roles}`);
    }
    await runner.query(TOLD_BY);
    await runner.query(END_LOST_ATTEMPTS);
    await runner.query(DELIVER_EVENTS_ACROSS_TENANTS);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const signature of CROSS_TENANT) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO linkbroker_worker`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['refresh_grant', 'redeem_code', 'revoke_grant', 'fail_token_refresh', 'end_lost_attempts'])
      await runner.query(`DROP FUNCTION linkbroker.${name}`);
    for (const signature of [...CROSS_TENANT, ...Object.keys(CALLERS)])
      await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    await runner.query('DROP TABLE linkbroker.event_deliveries, linkbroker.events, linkbroker.webhooks');
    await runner.query('REVOKE SELECT ON linkbroker.skill_connectors FROM linkbroker_worker');
  }
}

const TELLERS = 'linkbroker_broker, linkbroker_worker, linkbroker_admin, linkbroker_resolver';

const CALLERS: Readonly<Record<string, string>> = {
  webhooks_for: TELLERS,
  new_event_id: TELLERS,
  record_event: TELLERS,
  tell_links: TELLERS,
  live_links: TELLERS,
  tell_link_created: 'linkbroker_broker',
  tell_link_revoked: 'linkbroker_broker',
  tell_grant_replayed: 'linkbroker_broker',
  tell_connector_parked: 'linkbroker_broker, linkbroker_worker',
  finish_event_delivery: 'linkbroker_worker',
  give_up_deliveries: 'linkbroker_worker, linkbroker_admin',
  disable_webhook: 'linkbroker_worker',
  replay_event: 'linkbroker_admin',
};

const CROSS_TENANT = [
  'claim_event_deliveries(timestamptz, timestamptz, integer, integer)',
  'prune_events(timestamptz, integer)',
] as const;

const TABLES = `
-- A receiver of a skill's events. Its secrets are sealed together: one, or two while they are exchanged. After some
-- failures in a row it is left alone until paused_until, and then tried with one event at a time.
CREATE TABLE linkbroker.webhooks (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  url text NOT NULL,
  events text[] NOT NULL,
  secrets bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0,
  paused_until timestamptz,
  disabled_at timestamptz,
  removed_at timestamptz,
  CONSTRAINT webhooks_tenant_id_key UNIQUE (tenant_id, id),
  CONSTRAINT webhooks_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id)
);
CREATE UNIQUE INDEX webhooks_live_url ON linkbroker.webhooks (skill_id, url) WHERE removed_at IS NULL;
CREATE INDEX webhooks_tenant ON linkbroker.webhooks (tenant_id) WHERE removed_at IS NULL;

CREATE TABLE linkbroker.events (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  link_id uuid,
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  data jsonb NOT NULL,
  CONSTRAINT events_tenant_id_key UNIQUE (tenant_id, id),
  CONSTRAINT events_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id),
  CONSTRAINT events_link_fk FOREIGN KEY (tenant_id, link_id) REFERENCES linkbroker.links (tenant_id, id)
);
CREATE INDEX events_link ON linkbroker.events (link_id, occurred_at);
CREATE INDEX events_age ON linkbroker.events (occurred_at);

-- An event on its way to one webhook. Ids grow in the order of events of a link, which are written under its lock. Only
-- the first pending one of a link and webhook has a next_attempt_at: the others wait for it.
CREATE TABLE linkbroker.event_deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  link_id uuid,
  state text NOT NULL DEFAULT 'pending'
    CONSTRAINT event_deliveries_state_check CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  last_attempt_at timestamptz,
  last_status smallint,
  last_error text,
  took_ms integer,
  ended_at timestamptz,
  CONSTRAINT event_deliveries_event_key UNIQUE (event_id, webhook_id),
  CONSTRAINT event_deliveries_event_fk FOREIGN KEY (tenant_id, event_id) REFERENCES linkbroker.events (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT event_deliveries_webhook_fk FOREIGN KEY (tenant_id, webhook_id) REFERENCES linkbroker.webhooks (tenant_id, id)
);
CREATE INDEX event_deliveries_due ON linkbroker.event_deliveries (webhook_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX event_deliveries_order ON linkbroker.event_deliveries (webhook_id, link_id, id) WHERE state = 'pending';
CREATE INDEX event_deliveries_tenant ON linkbroker.event_deliveries (tenant_id, id);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT, UPDATE ON linkbroker.webhooks TO linkbroker_admin;
GRANT SELECT (id, tenant_id, skill_id, events, failures, disabled_at, removed_at) ON linkbroker.webhooks TO linkbroker_broker, linkbroker_worker;
GRANT UPDATE (failures, paused_until, disabled_at) ON linkbroker.webhooks TO linkbroker_worker;
GRANT SELECT, INSERT ON linkbroker.events TO linkbroker_broker, linkbroker_admin;
GRANT INSERT ON linkbroker.events TO linkbroker_worker;
GRANT SELECT, INSERT ON linkbroker.event_deliveries TO linkbroker_broker;
GRANT SELECT, INSERT, UPDATE ON linkbroker.event_deliveries TO linkbroker_worker, linkbroker_admin;
GRANT SELECT ON linkbroker.skill_connectors TO linkbroker_worker;

GRANT SELECT ON linkbroker.webhooks TO linkbroker_resolver;
GRANT SELECT, INSERT, DELETE ON linkbroker.events TO linkbroker_resolver;
GRANT SELECT, INSERT, UPDATE ON linkbroker.event_deliveries TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.webhooks FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.events FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_tells ON linkbroker.events FOR INSERT TO linkbroker_resolver WITH CHECK (true);
CREATE POLICY resolver_prunes ON linkbroker.events FOR DELETE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.event_deliveries FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_tells ON linkbroker.event_deliveries FOR INSERT TO linkbroker_resolver WITH CHECK (true);
CREATE POLICY resolver_claims ON linkbroker.event_deliveries FOR UPDATE TO linkbroker_resolver USING (true);
`;
