import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables whose rows belong to one tenant; each gets forced row-level security. */
const TENANT_TABLES = [
  'skills',
  'clients',
  'client_secrets',
  'connectors',
  'skill_connectors',
  'upstream_token_sets',
  'links',
  'grants',
  'data_keys',
] as const;

/**
 * The tenant of the transaction, written out in every policy: as a function or a sub-select it costs a refresh a fifth
 * of its time in the database. Unset is null, and null matches no row.
 */
const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;

const ROLES = ['linkbroker_broker', 'linkbroker_worker', 'linkbroker_admin', 'linkbroker_resolver'] as const;

/**
 * Roles, tables and row-level security. Group roles without login; a deployment grants its login roles one of them.
 * @see ADR 0004
 */
export class RolesAndTables1764000000001 implements MigrationInterface {
  name = 'RolesAndTables1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const role of ROLES) {
      await runner.query(`DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN; END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
    }
    await runner.query(TABLES);
    await runner.query('ALTER TABLE linkbroker.tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
    await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.tenants USING (id = ${CURRENT_TENANT})`);
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE linkbroker.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.${table} USING (tenant_id = ${CURRENT_TENANT})`);
    }
    await runner.query(PRIVILEGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE linkbroker.mac_keys, linkbroker.data_keys, linkbroker.grants, linkbroker.links,
      linkbroker.upstream_token_sets, linkbroker.skill_connectors, linkbroker.connectors, linkbroker.client_secrets,
      linkbroker.clients, linkbroker.skills, linkbroker.tenants`);
  }
}

const TABLES = `
CREATE TABLE linkbroker.tenants (
  id uuid PRIMARY KEY,
  slug text NOT NULL CONSTRAINT tenants_slug_key UNIQUE,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE linkbroker.skills (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT skills_tenant_fk REFERENCES linkbroker.tenants (id),
  slug text NOT NULL,
  name text NOT NULL,
  alexa_skill_id text,
  vendor_id text,
  redirect_uris text[] NOT NULL,
  grant_types text[] NOT NULL,
  scopes text[] NOT NULL,
  pkce text NOT NULL CONSTRAINT skills_pkce_check CHECK (pkce IN ('optional', 'required')),
  access_token_ttl integer NOT NULL CONSTRAINT skills_access_token_ttl_check CHECK (access_token_ttl >= 360),
  refresh_keep integer CONSTRAINT skills_refresh_keep_check CHECK (refresh_keep >= 1),
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,
  CONSTRAINT skills_tenant_id_key UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX skills_live_slug ON linkbroker.skills (tenant_id, slug) WHERE removed_at IS NULL;

CREATE TABLE linkbroker.clients (
  client_id text PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT clients_kind_check CHECK (kind IN ('alexa', 'backend')),
  CONSTRAINT clients_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT clients_skill_kind_key UNIQUE (skill_id, kind)
);

CREATE TABLE linkbroker.client_secrets (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  client_id text NOT NULL CONSTRAINT client_secrets_client_fk REFERENCES linkbroker.clients (client_id) ON DELETE CASCADE ON UPDATE CASCADE,
  hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz,
  superseded_at timestamptz,
  retired_at timestamptz
);
CREATE INDEX client_secrets_client ON linkbroker.client_secrets (client_id) WHERE retired_at IS NULL;

CREATE TABLE linkbroker.connectors (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT connectors_tenant_fk REFERENCES linkbroker.tenants (id),
  slug text NOT NULL,
  name text NOT NULL,
  provider text NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  client_secret bytea NOT NULL,
  scopes text[] NOT NULL,
  endpoints jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,
  CONSTRAINT connectors_tenant_id_key UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX connectors_live_slug ON linkbroker.connectors (tenant_id, slug) WHERE removed_at IS NULL;

CREATE TABLE linkbroker.skill_connectors (
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  position smallint NOT NULL,
  PRIMARY KEY (skill_id, connector_id),
  CONSTRAINT skill_connectors_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT skill_connectors_connector_fk FOREIGN KEY (tenant_id, connector_id) REFERENCES linkbroker.connectors (tenant_id, id)
);

CREATE TABLE linkbroker.upstream_token_sets (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  subject text NOT NULL,
  scopes text[] NOT NULL,
  has_refresh_token boolean NOT NULL,
  access_expires_at timestamptz,
  version integer NOT NULL,
  fence integer NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL,
  CONSTRAINT upstream_token_sets_subject_key UNIQUE (tenant_id, connector_id, subject),
  CONSTRAINT upstream_token_sets_tenant_id_key UNIQUE (tenant_id, id),
  CONSTRAINT upstream_token_sets_connector_fk FOREIGN KEY (tenant_id, connector_id) REFERENCES linkbroker.connectors (tenant_id, id)
);

CREATE TABLE linkbroker.links (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  subject text NOT NULL,
  token_set_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT links_subject_key UNIQUE (tenant_id, skill_id, connector_id, subject),
  CONSTRAINT links_tenant_id_key UNIQUE (tenant_id, id),
  CONSTRAINT links_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id),
  CONSTRAINT links_connector_fk FOREIGN KEY (tenant_id, connector_id) REFERENCES linkbroker.connectors (tenant_id, id),
  CONSTRAINT links_token_set_fk FOREIGN KEY (tenant_id, token_set_id) REFERENCES linkbroker.upstream_token_sets (tenant_id, id)
);

-- Columns that a refresh changes stand last and side by side, and none of them is indexed: the update stays on its
-- page (HOT) and its WAL record holds little more than them.
CREATE TABLE linkbroker.grants (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  skill_id uuid NOT NULL,
  link_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  code_expires_at timestamptz NOT NULL,
  code_consumed_at timestamptz,
  revoked_at timestamptz,
  access_ended_at timestamptz,
  code_hash bytea NOT NULL,
  code_challenge text,
  redirect_uri text NOT NULL,
  scopes text[] NOT NULL,
  revoke_reason text,
  secret_hash bytea,
  access_secret_hash bytea,
  mac_key_id smallint,
  generation bigint NOT NULL DEFAULT 0,
  generation_before bigint NOT NULL DEFAULT 0,
  generation_at timestamptz,
  checkpoints jsonb,
  CONSTRAINT grants_link_fk FOREIGN KEY (tenant_id, link_id) REFERENCES linkbroker.links (tenant_id, id),
  CONSTRAINT grants_skill_fk FOREIGN KEY (tenant_id, skill_id) REFERENCES linkbroker.skills (tenant_id, id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX grants_code ON linkbroker.grants (code_hash);
CREATE INDEX grants_link ON linkbroker.grants (link_id);
CREATE INDEX grants_pending ON linkbroker.grants (code_expires_at) WHERE code_consumed_at IS NULL;

CREATE TABLE linkbroker.data_keys (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT data_keys_tenant_fk REFERENCES linkbroker.tenants (id),
  master_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
CREATE UNIQUE INDEX data_keys_active ON linkbroker.data_keys (tenant_id) WHERE retired_at IS NULL;

CREATE TABLE linkbroker.mac_keys (
  id smallint PRIMARY KEY CONSTRAINT mac_keys_id_check CHECK (id BETWEEN 1 AND 255),
  master_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  signs_from timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
`;

const PRIVILEGES = `
GRANT USAGE ON SCHEMA linkbroker TO linkbroker_broker, linkbroker_worker, linkbroker_admin, linkbroker_resolver;
GRANT SELECT ON linkbroker.migrations TO linkbroker_broker, linkbroker_worker, linkbroker_admin;

GRANT SELECT ON linkbroker.connectors, linkbroker.skill_connectors, linkbroker.skills, linkbroker.tenants TO linkbroker_broker;
GRANT SELECT, INSERT, UPDATE ON linkbroker.upstream_token_sets, linkbroker.links, linkbroker.grants TO linkbroker_broker;
GRANT SELECT, INSERT ON linkbroker.data_keys, linkbroker.mac_keys TO linkbroker_broker, linkbroker_admin;
GRANT SELECT ON linkbroker.data_keys, linkbroker.mac_keys TO linkbroker_worker;

GRANT SELECT, INSERT, UPDATE ON linkbroker.tenants, linkbroker.skills, linkbroker.connectors, linkbroker.client_secrets TO linkbroker_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON linkbroker.clients, linkbroker.skill_connectors TO linkbroker_admin;
GRANT SELECT, UPDATE ON linkbroker.grants TO linkbroker_admin;
GRANT SELECT ON linkbroker.links TO linkbroker_admin;

-- The resolver owns the few functions that look across tenants; it sees what they need and nothing else.
GRANT SELECT ON linkbroker.tenants, linkbroker.skills, linkbroker.clients, linkbroker.client_secrets,
  linkbroker.connectors, linkbroker.skill_connectors, linkbroker.grants TO linkbroker_resolver;
GRANT UPDATE (last_seen_at, retired_at) ON linkbroker.client_secrets TO linkbroker_resolver;
GRANT DELETE ON linkbroker.grants TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.tenants FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.skills FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.clients FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.client_secrets FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_marks ON linkbroker.client_secrets FOR UPDATE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.connectors FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.skill_connectors FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.grants FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_expires ON linkbroker.grants FOR DELETE TO linkbroker_resolver
  USING (code_consumed_at IS NULL);
`;
