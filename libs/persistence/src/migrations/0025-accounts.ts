import type { MigrationInterface, QueryRunner } from 'typeorm';

const CURRENT_TENANT = `nullif(current_setting('linkbroker.tenant_id', true), '')::uuid`;
const TENANT_TABLES = ['members', 'invitations', 'api_keys', 'audit_log', 'sign_in_providers'] as const;

/** Functions that look across tenants or write what nobody may write himself; the admin app calls them. */
const DEFINERS = [
  'memberships_of(uuid)',
  'find_invitation(bytea, timestamptz)',
  'use_api_key(bytea, timestamptz)',
  'append_audit(uuid, timestamptz, text, text, text, text, text, jsonb, text)',
  'read_installation_audit(bigint, integer)',
  'verify_audit(uuid)',
  'add_sign_in_provider(uuid, uuid, text, text, text, text, bytea, timestamptz)',
  'remove_sign_in_provider(uuid, uuid, timestamptz)',
  'list_sign_in_providers(uuid)',
  'find_sign_in_provider(text)',
] as const;
const AUDIT_HASH = 'audit_hash(bytea, uuid, bigint, timestamptz, text, text, text, text, text, jsonb, text)';

/**
 * People who enter the admin app: accounts and their factors, members of tenants, invitations, API keys, and the audit
 * log of what they do.
 * @see ADR 0022
 */
export class Accounts1764000000025 implements MigrationInterface {
  name = 'Accounts1764000000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE linkbroker.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant_isolation ON linkbroker.${table} USING (tenant_id = ${CURRENT_TENANT})`);
    }
    await runner.query(PRIVILEGES);
    await runner.query(AUDIT_FUNCTIONS);
    await runner.query(FUNCTIONS);
    await runner.query(PROVIDER_FUNCTIONS);
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${AUDIT_HASH} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${AUDIT_HASH} TO linkbroker_resolver`);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const signature of DEFINERS) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO linkbroker_admin`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of [...DEFINERS, AUDIT_HASH]) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    await runner.query(`DROP TABLE linkbroker.audit_log, linkbroker.sign_in_providers, linkbroker.account_identities, linkbroker.api_keys, linkbroker.invitations, linkbroker.members,
      linkbroker.bootstrap_links, linkbroker.recovery_codes, linkbroker.passkeys, linkbroker.accounts`);
  }
}

const TABLES = `
-- People belong to no tenant: one account may be a member of many. login is a name to sign in with and nothing else.
-- totp_secret: sealed under a key of the installation. totp_last_step: the newest time step that a code was taken for.
CREATE TABLE linkbroker.accounts (
  id uuid PRIMARY KEY,
  display_name text NOT NULL,
  login text CONSTRAINT accounts_login_key UNIQUE CONSTRAINT accounts_login_check CHECK (login = lower(login)),
  password_hash text,
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  is_operator boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz,
  CONSTRAINT accounts_totp_check CHECK (totp_secret IS NOT NULL OR totp_confirmed_at IS NULL)
);

CREATE TABLE linkbroker.passkeys (
  id text PRIMARY KEY,
  account_id uuid NOT NULL CONSTRAINT passkeys_account_fk REFERENCES linkbroker.accounts (id) ON DELETE CASCADE,
  public_key text NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX passkeys_account ON linkbroker.passkeys (account_id);

CREATE TABLE linkbroker.recovery_codes (
  account_id uuid NOT NULL CONSTRAINT recovery_codes_account_fk REFERENCES linkbroker.accounts (id) ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (account_id, code_hash)
);

-- Who somebody is at an OpenID provider: the only thing by which one is recognised that comes from there.
CREATE TABLE linkbroker.account_identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  account_id uuid NOT NULL CONSTRAINT account_identities_account_fk REFERENCES linkbroker.accounts (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX account_identities_account ON linkbroker.account_identities (account_id);

-- OpenID providers by which people sign in: a tenant's, which lets into that tenant only, or without one the installation's.
CREATE TABLE linkbroker.sign_in_providers (
  id uuid PRIMARY KEY,
  tenant_id uuid CONSTRAINT sign_in_providers_tenant_fk REFERENCES linkbroker.tenants (id),
  slug text NOT NULL,
  name text NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  client_secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  removed_at timestamptz
);
CREATE UNIQUE INDEX sign_in_providers_live_slug ON linkbroker.sign_in_providers (slug) WHERE removed_at IS NULL;

-- One-time links to the page on which the first operator's account is made.
CREATE TABLE linkbroker.bootstrap_links (
  token_hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);

CREATE TABLE linkbroker.members (
  tenant_id uuid NOT NULL CONSTRAINT members_tenant_fk REFERENCES linkbroker.tenants (id),
  account_id uuid NOT NULL CONSTRAINT members_account_fk REFERENCES linkbroker.accounts (id),
  role text NOT NULL CONSTRAINT members_role_check CHECK (role IN ('owner', 'developer', 'support', 'viewer')),
  invited_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id)
);
CREATE INDEX members_account ON linkbroker.members (account_id);

CREATE TABLE linkbroker.invitations (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT invitations_tenant_fk REFERENCES linkbroker.tenants (id),
  role text NOT NULL CONSTRAINT invitations_role_check CHECK (role IN ('owner', 'developer', 'support', 'viewer')),
  label text NOT NULL,
  token_hash bytea NOT NULL CONSTRAINT invitations_token_key UNIQUE,
  invited_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX invitations_tenant ON linkbroker.invitations (tenant_id, created_at);

CREATE TABLE linkbroker.api_keys (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT api_keys_tenant_fk REFERENCES linkbroker.tenants (id),
  name text NOT NULL,
  key_hash bytea NOT NULL CONSTRAINT api_keys_hash_key UNIQUE,
  permissions text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT api_keys_expiry_check CHECK (expires_at <= created_at + interval '400 days')
);
CREATE INDEX api_keys_tenant ON linkbroker.api_keys (tenant_id, created_at);

-- chain: the tenant, or the installation's own chain (all zeros). Nobody may change or remove a row.
CREATE TABLE linkbroker.audit_log (
  chain uuid NOT NULL,
  seq bigint NOT NULL,
  tenant_id uuid,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  actor_label text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  diff jsonb NOT NULL,
  address text,
  previous_hash bytea NOT NULL,
  entry_hash bytea NOT NULL,
  PRIMARY KEY (chain, seq),
  CONSTRAINT audit_log_chain_check CHECK (chain = coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'))
);
`;

const PRIVILEGES = `
GRANT SELECT, INSERT, UPDATE ON linkbroker.accounts TO linkbroker_admin;
GRANT SELECT, INSERT ON linkbroker.account_identities TO linkbroker_admin;
GRANT SELECT, INSERT, DELETE ON linkbroker.recovery_codes, linkbroker.bootstrap_links TO linkbroker_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON linkbroker.passkeys, linkbroker.members TO linkbroker_admin;
GRANT SELECT, INSERT, UPDATE ON linkbroker.invitations, linkbroker.api_keys TO linkbroker_admin;
GRANT SELECT ON linkbroker.audit_log TO linkbroker_admin;

GRANT SELECT ON linkbroker.members, linkbroker.invitations, linkbroker.api_keys TO linkbroker_resolver;
GRANT UPDATE (last_used_at) ON linkbroker.api_keys TO linkbroker_resolver;
GRANT SELECT, INSERT ON linkbroker.audit_log TO linkbroker_resolver;
GRANT SELECT, INSERT, UPDATE (removed_at) ON linkbroker.sign_in_providers TO linkbroker_resolver;
CREATE POLICY resolver_keeps ON linkbroker.sign_in_providers TO linkbroker_resolver USING (true) WITH CHECK (true);
CREATE POLICY resolver_reads ON linkbroker.members FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.invitations FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.api_keys FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_marks ON linkbroker.api_keys FOR UPDATE TO linkbroker_resolver USING (true);
CREATE POLICY resolver_reads ON linkbroker.audit_log FOR SELECT TO linkbroker_resolver USING (true);
CREATE POLICY resolver_appends ON linkbroker.audit_log FOR INSERT TO linkbroker_resolver WITH CHECK (true);
`;

const AUDIT_FUNCTIONS = `
-- SHA-256 over a JSON array of the hash before and every column, so that no two entries have the same octets.
CREATE FUNCTION linkbroker.audit_hash(p_previous bytea, p_chain uuid, p_seq bigint, p_at timestamptz, p_actor_kind text,
  p_actor_id text, p_actor_label text, p_action text, p_subject text, p_diff jsonb, p_address text) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(jsonb_build_array(encode(p_previous, 'hex'), p_chain, p_seq,
    to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    p_actor_kind, p_actor_id, p_actor_label, p_action, p_subject, p_diff, p_address)::text, 'UTF8'))
$$;

-- Adds to a chain; who comes at the same time waits, to the end of the transaction that was first.
CREATE FUNCTION linkbroker.append_audit(p_tenant uuid, p_at timestamptz, p_actor_kind text, p_actor_id text,
  p_actor_label text, p_action text, p_subject text, p_diff jsonb, p_address text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
DECLARE v_chain uuid := coalesce(p_tenant, '00000000-0000-0000-0000-000000000000'); v_seq bigint; v_previous bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('linkbroker.audit:' || v_chain, 0));
  SELECT a.seq, a.entry_hash INTO v_seq, v_previous FROM audit_log a WHERE a.chain = v_chain ORDER BY a.seq DESC LIMIT 1;
  v_seq := coalesce(v_seq, 0) + 1;
  v_previous := coalesce(v_previous, ''::bytea);
  INSERT INTO audit_log (chain, seq, tenant_id, at, actor_kind, actor_id, actor_label, action, subject, diff, address,
    previous_hash, entry_hash)
  VALUES (v_chain, v_seq, p_tenant, p_at, p_actor_kind, p_actor_id, p_actor_label, p_action, p_subject, p_diff, p_address,
    v_previous, audit_hash(v_previous, v_chain, v_seq, p_at, p_actor_kind, p_actor_id, p_actor_label, p_action, p_subject,
      p_diff, p_address));
  RETURN v_seq;
END $$;

-- The installation's own chain belongs to no tenant, so that no policy shows it.
CREATE FUNCTION linkbroker.read_installation_audit(p_before bigint, p_limit integer) RETURNS SETOF linkbroker.audit_log
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT * FROM audit_log WHERE chain = '00000000-0000-0000-0000-000000000000' AND (p_before IS NULL OR seq < p_before)
  ORDER BY seq DESC LIMIT p_limit
$$;

-- Walks a chain from its beginning: the first entry that was changed, or that what went before it was.
CREATE FUNCTION linkbroker.verify_audit(p_tenant uuid)
RETURNS TABLE (entries bigint, broken_at bigint, head_seq bigint, head_hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH walked AS (
    SELECT a.seq, a.entry_hash,
      a.seq = row_number() OVER w
      AND a.previous_hash = coalesce(lag(a.entry_hash) OVER w, ''::bytea)
      AND a.entry_hash = audit_hash(a.previous_hash, a.chain, a.seq, a.at, a.actor_kind, a.actor_id, a.actor_label, a.action,
        a.subject, a.diff, a.address) AS sound
    FROM audit_log a WHERE a.chain = coalesce(p_tenant, '00000000-0000-0000-0000-000000000000')
    WINDOW w AS (ORDER BY a.seq))
  SELECT count(*), min(seq) FILTER (WHERE NOT sound), max(seq),
    (SELECT l.entry_hash FROM walked l ORDER BY l.seq DESC LIMIT 1) FROM walked
$$;
`;

const FUNCTIONS = `
-- Where an account is a member, and as what: its owner asks, before a tenant is chosen.
CREATE FUNCTION linkbroker.memberships_of(p_account uuid) RETURNS TABLE (tenant_id uuid, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT t.id, t.slug, t.name, m.role FROM members m JOIN tenants t ON t.id = m.tenant_id
  WHERE m.account_id = p_account ORDER BY t.slug
$$;

-- Whose an invitation is that can still be accepted.
CREATE FUNCTION linkbroker.find_invitation(p_token_hash bytea, p_now timestamptz) RETURNS TABLE (tenant_id uuid, slug text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT t.id, t.slug FROM invitations i JOIN tenants t ON t.id = i.tenant_id
  WHERE i.token_hash = p_token_hash AND i.consumed_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > p_now
$$;

-- The API key with this hash, while it works; notes its use at most once a minute.
CREATE FUNCTION linkbroker.use_api_key(p_key_hash bytea, p_now timestamptz)
RETURNS TABLE (id uuid, tenant_id uuid, name text, permissions text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
#variable_conflict use_column
BEGIN
  UPDATE api_keys SET last_used_at = p_now
  WHERE key_hash = p_key_hash AND revoked_at IS NULL AND expires_at > p_now
    AND coalesce(last_used_at < p_now - interval '1 minute', true);
  RETURN QUERY SELECT k.id, k.tenant_id, k.name, k.permissions FROM api_keys k
    WHERE k.key_hash = p_key_hash AND k.revoked_at IS NULL AND k.expires_at > p_now;
END $$;
`;

/** Those of the installation belong to no tenant, so that no policy shows them: all are reached by these. */
const PROVIDER_FUNCTIONS = `
-- False where another provider has the slug.
CREATE FUNCTION linkbroker.add_sign_in_provider(p_tenant uuid, p_id uuid, p_slug text, p_name text, p_issuer text,
  p_client_id text, p_client_secret bytea, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
BEGIN
  INSERT INTO sign_in_providers (id, tenant_id, slug, name, issuer, client_id, client_secret, created_at)
    VALUES (p_id, p_tenant, p_slug, p_name, p_issuer, p_client_id, p_client_secret, p_now)
    ON CONFLICT (slug) WHERE removed_at IS NULL DO NOTHING;
  RETURN FOUND;
END $$;

CREATE FUNCTION linkbroker.remove_sign_in_provider(p_tenant uuid, p_id uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
BEGIN
  UPDATE sign_in_providers SET removed_at = p_now
    WHERE id = p_id AND tenant_id IS NOT DISTINCT FROM p_tenant AND removed_at IS NULL;
  RETURN FOUND;
END $$;

CREATE FUNCTION linkbroker.list_sign_in_providers(p_tenant uuid)
RETURNS TABLE (id uuid, slug text, name text, issuer text, client_id text, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT p.id, p.slug, p.name, p.issuer, p.client_id, p.created_at FROM sign_in_providers p
  WHERE p.tenant_id IS NOT DISTINCT FROM p_tenant AND p.removed_at IS NULL ORDER BY p.slug
$$;

-- Before anybody is signed in: whichever it is.
CREATE FUNCTION linkbroker.find_sign_in_provider(p_slug text)
RETURNS TABLE (id uuid, tenant_id uuid, slug text, issuer text, client_id text, client_secret bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT p.id, p.tenant_id, p.slug, p.issuer, p.client_id, p.client_secret FROM sign_in_providers p
  WHERE p.slug = p_slug AND p.removed_at IS NULL
$$;
`;
