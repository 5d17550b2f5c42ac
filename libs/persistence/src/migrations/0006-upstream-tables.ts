import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const TENANT_TABLES = ['upstream_refresh_attempts', 'upstream_revocations', 'handed_out_tokens'] as const;

/**
 * What any upstream needs: connectors of the catalogue, leases and a journal for upstream refreshes, revocation
 * domains with their held revocations, and the fingerprints of upstream tokens handed out to Alexa.
 * @see ADR 0011, ADR 0012
 */
export class UpstreamTables1764000000006 implements MigrationInterface {
  name = 'UpstreamTables1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(TABLES);
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE linkbroker.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.${table} USING (tenant_id = ${CURRENT_TENANT})`);
    }
    await runner.query(PRIVILEGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE linkbroker.upstream_refresh_attempts, linkbroker.upstream_revocations, linkbroker.handed_out_tokens,
        linkbroker.fingerprint_keys;
      ALTER TABLE linkbroker.upstream_token_sets DROP COLUMN domain, DROP COLUMN state, DROP COLUMN lease_until,
        DROP COLUMN refreshed_at, DROP COLUMN refresh_expires_at, DROP COLUMN first_terminal_at,
        DROP COLUMN terminal_count, DROP COLUMN retry_at, DROP COLUMN last_error, DROP COLUMN refresh_tokens_issued,
        DROP COLUMN failures, DROP COLUMN unknown_sends, DROP COLUMN last_used_at, DROP COLUMN active_due_at,
        DROP COLUMN refresh_due_at;
      ALTER TABLE linkbroker.skills DROP COLUMN token_mode, DROP COLUMN branding;
      ALTER TABLE linkbroker.connectors DROP COLUMN parameters, DROP COLUMN revoke_upstream, DROP COLUMN parked_until, DROP COLUMN parked_reason,
        ALTER COLUMN issuer SET NOT NULL;
      DROP INDEX linkbroker.links_token_set;
      DROP POLICY resolver_reads ON linkbroker.links; DROP POLICY resolver_reads ON linkbroker.upstream_token_sets;
      DROP POLICY resolver_leases ON linkbroker.upstream_token_sets;
      REVOKE SELECT ON linkbroker.links, linkbroker.upstream_token_sets FROM linkbroker_resolver`);
  }
}

const COLUMNS = `
ALTER TABLE linkbroker.connectors
  ALTER COLUMN issuer DROP NOT NULL,
  ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN revoke_upstream text NOT NULL DEFAULT 'never'
    CONSTRAINT connectors_revoke_upstream_check CHECK (revoke_upstream IN ('never', 'last-link')),
  ADD COLUMN parked_until timestamptz,
  ADD COLUMN parked_reason text CONSTRAINT connectors_parked_reason_check CHECK (parked_reason IN ('misconfigured', 'burst'));

ALTER TABLE linkbroker.skills
  ADD COLUMN token_mode text NOT NULL DEFAULT 'own' CONSTRAINT skills_token_mode_check CHECK (token_mode IN ('own', 'upstream')),
  ADD COLUMN branding jsonb NOT NULL DEFAULT '{}';

-- lease_until is judged by the database's clock alone; fence counts leases and re-links.
ALTER TABLE linkbroker.upstream_token_sets
  ADD COLUMN domain bytea,
  ADD COLUMN state text NOT NULL DEFAULT 'active'
    CONSTRAINT upstream_token_sets_state_check CHECK (state IN ('active', 'at_risk', 'dead', 'revoked')),
  ADD COLUMN lease_until timestamptz,
  ADD COLUMN refreshed_at timestamptz,
  ADD COLUMN refresh_expires_at timestamptz,
  ADD COLUMN first_terminal_at timestamptz,
  ADD COLUMN terminal_count integer NOT NULL DEFAULT 0,
  ADD COLUMN retry_at timestamptz,
  ADD COLUMN last_error text,
  ADD COLUMN refresh_tokens_issued integer NOT NULL DEFAULT 0,
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN unknown_sends integer NOT NULL DEFAULT 0,
  ADD COLUMN last_used_at timestamptz,
  ADD COLUMN active_due_at timestamptz,
  ADD COLUMN refresh_due_at timestamptz;
-- What is due costs what is due, not what exists: sets that need no refresh are not in it.
CREATE INDEX upstream_token_sets_due ON linkbroker.upstream_token_sets (refresh_due_at) WHERE refresh_due_at IS NOT NULL;
CREATE INDEX upstream_token_sets_domain ON linkbroker.upstream_token_sets (domain);
CREATE INDEX links_token_set ON linkbroker.links (token_set_id);
`;

const TABLES = `
-- One row per attempt to refresh a set: leased (not sent), sent (outcome unknown until it ends), ended.
CREATE TABLE linkbroker.upstream_refresh_attempts (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  token_set_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  fence integer NOT NULL,
  version integer NOT NULL,
  began_at timestamptz NOT NULL,
  sent_at timestamptz,
  ended_at timestamptz,
  outcome text CONSTRAINT upstream_refresh_attempts_outcome_check
    CHECK (outcome IN ('stored', 'superseded', 'terminal', 'transient', 'misconfigured', 'not-sent', 'unknown')),
  error_code text,
  CONSTRAINT upstream_refresh_attempts_set_fk FOREIGN KEY (tenant_id, token_set_id)
    REFERENCES linkbroker.upstream_token_sets (tenant_id, id)
);
CREATE INDEX upstream_refresh_attempts_set ON linkbroker.upstream_refresh_attempts (token_set_id, began_at);
CREATE INDEX upstream_refresh_attempts_open ON linkbroker.upstream_refresh_attempts (began_at) WHERE ended_at IS NULL;
CREATE INDEX upstream_refresh_attempts_terminal ON linkbroker.upstream_refresh_attempts (connector_id, ended_at) WHERE outcome = 'terminal';

-- At most one held or running revocation per domain and tenant.
CREATE TABLE linkbroker.upstream_revocations (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  token_set_id uuid NOT NULL,
  domain bytea NOT NULL,
  requested_at timestamptz NOT NULL,
  hold_until timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'held'
    CONSTRAINT upstream_revocations_state_check CHECK (state IN ('held', 'running', 'cancelled', 'done', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  ended_at timestamptz,
  last_error text,
  CONSTRAINT upstream_revocations_set_fk FOREIGN KEY (tenant_id, token_set_id)
    REFERENCES linkbroker.upstream_token_sets (tenant_id, id)
);
CREATE UNIQUE INDEX upstream_revocations_pending ON linkbroker.upstream_revocations (tenant_id, domain) WHERE state IN ('held', 'running');
CREATE INDEX upstream_revocations_domain ON linkbroker.upstream_revocations (domain) WHERE state IN ('held', 'running');
CREATE INDEX upstream_revocations_due ON linkbroker.upstream_revocations (next_attempt_at) WHERE state IN ('held', 'running');

-- Upstream access tokens that Alexa holds (skills with token_mode upstream), by keyed fingerprint.
CREATE TABLE linkbroker.handed_out_tokens (
  fingerprint bytea NOT NULL,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  grant_id uuid NOT NULL CONSTRAINT handed_out_tokens_grant_fk REFERENCES linkbroker.grants (id) ON DELETE CASCADE,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (fingerprint, grant_id)
);
CREATE INDEX handed_out_tokens_expiry ON linkbroker.handed_out_tokens (expires_at);
CREATE INDEX handed_out_tokens_grant ON linkbroker.handed_out_tokens (grant_id);

CREATE TABLE linkbroker.fingerprint_keys (
  id smallint PRIMARY KEY CONSTRAINT fingerprint_keys_id_check CHECK (id = 1),
  master_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT, UPDATE ON linkbroker.upstream_refresh_attempts, linkbroker.upstream_revocations TO linkbroker_broker, linkbroker_worker;
GRANT SELECT, INSERT, UPDATE ON linkbroker.handed_out_tokens TO linkbroker_broker;
GRANT SELECT, INSERT ON linkbroker.fingerprint_keys TO linkbroker_broker, linkbroker_admin;
GRANT SELECT ON linkbroker.fingerprint_keys TO linkbroker_worker;
GRANT SELECT, INSERT ON linkbroker.upstream_revocations TO linkbroker_admin;
GRANT SELECT ON linkbroker.upstream_token_sets TO linkbroker_admin;
GRANT SELECT ON linkbroker.tenants, linkbroker.connectors, linkbroker.links, linkbroker.grants, linkbroker.skills TO linkbroker_worker;
GRANT SELECT, UPDATE ON linkbroker.upstream_token_sets TO linkbroker_worker;
GRANT UPDATE (revoked_at, revoke_reason) ON linkbroker.grants TO linkbroker_worker;
GRANT UPDATE (parked_until, parked_reason) ON linkbroker.connectors TO linkbroker_broker, linkbroker_worker;
GRANT INSERT ON linkbroker.data_keys TO linkbroker_worker;

GRANT SELECT ON linkbroker.links, linkbroker.upstream_token_sets, linkbroker.upstream_revocations, linkbroker.handed_out_tokens TO linkbroker_resolver;
GRANT UPDATE (state, ended_at, attempts, next_attempt_at) ON linkbroker.upstream_revocations TO linkbroker_resolver;
GRANT UPDATE (fence, lease_until, refresh_due_at, last_used_at, retry_at, state, unknown_sends) ON linkbroker.upstream_token_sets TO linkbroker_resolver;
GRANT SELECT, INSERT ON linkbroker.upstream_refresh_attempts TO linkbroker_resolver;
GRANT UPDATE (ended_at, outcome) ON linkbroker.upstream_refresh_attempts TO linkbroker_resolver;
GRANT DELETE ON linkbroker.handed_out_tokens TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.links FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.upstream_token_sets FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_leases ON linkbroker.upstream_token_sets FOR UPDATE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.upstream_refresh_attempts FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_journals ON linkbroker.upstream_refresh_attempts FOR INSERT TO linkbroker_resolver WITH CHECK (true);
CREATE POLICY resolver_ends ON linkbroker.upstream_refresh_attempts FOR UPDATE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.upstream_revocations FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_marks ON linkbroker.upstream_revocations FOR UPDATE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.handed_out_tokens FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_expires ON linkbroker.handed_out_tokens FOR DELETE TO linkbroker_resolver USING (true);
`;
