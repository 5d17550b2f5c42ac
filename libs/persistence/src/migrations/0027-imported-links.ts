import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADOPTION } from './0027-adoption.js';
import { FOREIGN_TOKENS, STAGING } from './0027-staging.js';
import { KNOWING_STAGED_SETS } from './0027-staged-sets.js';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const TENANT_TABLES = ['imports', 'imported_links', 'foreign_tokens'] as const;

/**
 * Links that another server had made: imports, their lines, and the fingerprints of the tokens that Alexa holds from
 * there. The upstream tokens of a line are a token set that is staged: the refresh chain renews it, and nothing else sees
 * it before its provider has said whose it is.
 * @see ADR 0023
 */
export class ImportedLinks1764000000027 implements MigrationInterface {
  name = 'ImportedLinks1764000000027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE linkbroker.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.${table} USING (tenant_id = ${CURRENT_TENANT})`);
    }
    await runner.query(PRIVILEGES);
    await runner.query(STAGING);
    await runner.query(FOREIGN_TOKENS);
    await runner.query(ADOPTION);
    await runner.query(KNOWING_STAGED_SETS);
    for (const [name, roles] of Object.entries(CALLERS)) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${name} FROM PUBLIC`);
      if (roles !== '') await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${name} TO ${roles}`);
    }
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const signature of CROSS_TENANT)
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER wake_imported_links ON linkbroker.upstream_token_sets');
    for (const name of Object.keys(CALLERS)) await runner.query(`DROP FUNCTION linkbroker.${name}`);
    await runner.query('DROP TABLE linkbroker.foreign_tokens, linkbroker.imported_links, linkbroker.imports');
    await runner.query(`
      DELETE FROM linkbroker.upstream_token_sets WHERE staged;
      DROP POLICY admin_stages ON linkbroker.upstream_token_sets;
      DROP POLICY only_staged_go ON linkbroker.upstream_token_sets;
      REVOKE INSERT, DELETE ON linkbroker.upstream_token_sets FROM linkbroker_admin;
      REVOKE DELETE ON linkbroker.upstream_token_sets FROM linkbroker_worker;
      REVOKE INSERT ON linkbroker.links, linkbroker.grants, linkbroker.fingerprint_keys FROM linkbroker_worker;
      REVOKE UPDATE (token_set_id) ON linkbroker.links FROM linkbroker_worker;
      REVOKE EXECUTE ON FUNCTION linkbroker.tie_link, linkbroker.cancel_upstream_revocations FROM linkbroker_worker;
      ALTER TABLE linkbroker.upstream_token_sets DROP COLUMN staged`);
  }
}

const CROSS_TENANT = [
  'claim_imported_links(timestamptz, integer, integer, interval)',
  'forget_foreign_tokens(timestamptz, integer)',
];

const CALLERS: Readonly<Record<string, string>> = {
  is_ready_to_prove: 'linkbroker_admin, linkbroker_worker',
  stage_imported_links: 'linkbroker_admin',
  start_import: 'linkbroker_admin',
  cancel_import: 'linkbroker_admin',
  drop_staged_set: 'linkbroker_admin, linkbroker_worker',
  wake_imported_links: 'linkbroker_broker, linkbroker_worker',
  find_foreign_token: 'linkbroker_broker',
  claim_foreign_grant: 'linkbroker_broker',
  end_foreign_access: 'linkbroker_broker',
  claim_imported_links: 'linkbroker_worker',
  forget_foreign_tokens: 'linkbroker_worker',
  adopt_imported_link: 'linkbroker_worker',
  settle_staged_set: 'linkbroker_worker',
  refuse_imported_link: 'linkbroker_worker',
  postpone_imported_link: 'linkbroker_worker',
  renew_staged_set: 'linkbroker_worker',
};

const TABLES = `
-- Of a set that is staged nobody knows yet whose it is: its subject is a fingerprint, and no link leads to it.
ALTER TABLE linkbroker.upstream_token_sets ADD COLUMN staged boolean NOT NULL DEFAULT false;

CREATE TABLE linkbroker.imports (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  keep_until timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  started_at timestamptz,
  cancelled_at timestamptz,
  CONSTRAINT imports_tenant_id_key UNIQUE (tenant_id, id),
  CONSTRAINT imports_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id),
  CONSTRAINT imports_connector_fk FOREIGN KEY (tenant_id, connector_id) REFERENCES linkbroker.connectors (tenant_id, id)
);

-- One line of an import. next_try_at is null while it waits for its set to be renewed, and when it has ended.
CREATE TABLE linkbroker.imported_links (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  line integer NOT NULL,
  subject text NOT NULL,
  fingerprint bytea NOT NULL,
  scopes text[] NOT NULL,
  linked_at timestamptz,
  state text NOT NULL DEFAULT 'pending' CONSTRAINT imported_links_state_check CHECK (state IN ('pending', 'adopted', 'refused')),
  reason text,
  token_set_id uuid,
  link_id uuid,
  attempts integer NOT NULL DEFAULT 0,
  next_try_at timestamptz,
  ended_at timestamptz,
  first_used_at timestamptz,
  CONSTRAINT imported_links_import_fk FOREIGN KEY (tenant_id, import_id) REFERENCES linkbroker.imports (tenant_id, id),
  CONSTRAINT imported_links_set_fk FOREIGN KEY (tenant_id, token_set_id) REFERENCES linkbroker.upstream_token_sets (tenant_id, id)
);
CREATE INDEX imported_links_due ON linkbroker.imported_links (connector_id, next_try_at) WHERE state = 'pending' AND next_try_at IS NOT NULL;
CREATE INDEX imported_links_import ON linkbroker.imported_links (import_id, state, line, id);
CREATE INDEX imported_links_set ON linkbroker.imported_links (token_set_id);
CREATE INDEX imported_links_fingerprint ON linkbroker.imported_links (connector_id, fingerprint);

-- What Alexa holds from the other server, as SHA-256; without a grant as long as its line has not been proved.
CREATE TABLE linkbroker.foreign_tokens (
  skill_id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT foreign_tokens_kind_check CHECK (kind IN ('refresh', 'access')),
  token_hash bytea NOT NULL,
  tenant_id uuid NOT NULL,
  imported_link_id uuid NOT NULL CONSTRAINT foreign_tokens_link_fk REFERENCES linkbroker.imported_links (id) ON DELETE CASCADE,
  place smallint NOT NULL,
  grant_id uuid,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (skill_id, kind, token_hash)
);
CREATE INDEX foreign_tokens_line ON linkbroker.foreign_tokens (imported_link_id);
CREATE INDEX foreign_tokens_grant ON linkbroker.foreign_tokens (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX foreign_tokens_expiry ON linkbroker.foreign_tokens (expires_at);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT ON linkbroker.imports, linkbroker.imported_links, linkbroker.foreign_tokens TO linkbroker_admin;
GRANT UPDATE (started_at, cancelled_at) ON linkbroker.imports TO linkbroker_admin;
GRANT UPDATE (next_try_at) ON linkbroker.imported_links TO linkbroker_admin;
GRANT DELETE ON linkbroker.imported_links TO linkbroker_admin;
GRANT INSERT, DELETE ON linkbroker.upstream_token_sets TO linkbroker_admin;
GRANT SELECT ON linkbroker.imports TO linkbroker_worker;
GRANT SELECT, UPDATE ON linkbroker.imported_links, linkbroker.foreign_tokens TO linkbroker_worker;
GRANT DELETE ON linkbroker.upstream_token_sets TO linkbroker_worker;
GRANT INSERT ON linkbroker.links, linkbroker.grants, linkbroker.fingerprint_keys TO linkbroker_worker;
GRANT UPDATE (token_set_id) ON linkbroker.links TO linkbroker_worker;
GRANT EXECUTE ON FUNCTION linkbroker.tie_link, linkbroker.cancel_upstream_revocations TO linkbroker_worker;
GRANT SELECT ON linkbroker.imported_links, linkbroker.foreign_tokens TO linkbroker_broker;
GRANT UPDATE (next_try_at, first_used_at) ON linkbroker.imported_links TO linkbroker_broker;
GRANT UPDATE (expires_at) ON linkbroker.foreign_tokens TO linkbroker_broker;

-- Sign-ins of households are made by the broker and never taken away: what the others add or remove is staged.
CREATE POLICY admin_stages ON linkbroker.upstream_token_sets AS RESTRICTIVE FOR INSERT TO linkbroker_admin WITH CHECK (staged);
CREATE POLICY only_staged_go ON linkbroker.upstream_token_sets AS RESTRICTIVE FOR DELETE TO linkbroker_admin, linkbroker_worker USING (staged);

GRANT SELECT ON linkbroker.imports, linkbroker.imported_links, linkbroker.foreign_tokens TO linkbroker_resolver;
GRANT UPDATE (next_try_at, attempts) ON linkbroker.imported_links TO linkbroker_resolver;
GRANT DELETE ON linkbroker.foreign_tokens TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.imports FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.imported_links FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_claims ON linkbroker.imported_links FOR UPDATE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.foreign_tokens FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_forgets ON linkbroker.foreign_tokens FOR DELETE TO linkbroker_resolver USING (true);
`;
