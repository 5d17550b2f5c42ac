import type { MigrationInterface, QueryRunner } from 'typeorm';

const CALLERS: Readonly<Record<string, string>> = {
  'resolve_tenant(text)': 'linkbroker_admin',
  'list_tenants(text, integer)': 'linkbroker_admin',
  'destroy_closed_tenant(timestamptz, integer)': 'linkbroker_worker',
};

/**
 * Everything that holds a tenant's id, each before what it refers to. The audit log stays: nobody may remove a line of it.
 */
const ROWS = [
  'linkbroker_timeline.entries',
  ...[
    'handed_out_tokens',
    'relayed_tokens',
    'foreign_tokens',
    'imported_links',
    'imports',
    'alexa_events',
    'skill_events',
    'skill_disablements',
    'alexa_users',
    'event_grants',
    'event_deliveries',
    'events',
    'webhooks',
    'upstream_revocations',
    'upstream_refresh_attempts',
    'upstream_refresh_hours',
    'grants',
    'links',
    'upstream_token_sets',
    'client_secrets',
    'clients',
    'skill_connectors',
    'skills',
    'connectors',
    'doctor_runs',
    'doctor_hosts',
    'sign_in_providers',
    'api_keys',
    'invitations',
    'members',
    'data_keys',
  ].map((table) => `linkbroker.${table}`),
];

/**
 * Tenants that were closed: nobody gets in any more, and when the last of their upstream revocations has ended, their data
 * keys are destroyed and their rows removed.
 * @see ADR 0025
 */
export class ClosedTenants1764000000030 implements MigrationInterface {
  name = 'ClosedTenants1764000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE linkbroker.tenants ADD COLUMN closed_at timestamptz');
    await runner.query(INDEXES);
    await runner.query('DROP FUNCTION linkbroker.list_tenants');
    await runner.query(FUNCTIONS);
    await runner.query(`GRANT SELECT, DELETE ON ${ROWS.join(', ')}, linkbroker.tenants TO linkbroker_resolver`);
    await giveToResolver(runner, Object.keys(CALLERS));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION linkbroker.destroy_closed_tenant, linkbroker.list_tenants');
    await runner.query(BEFORE);
    await giveToResolver(runner, ['resolve_tenant(text)', 'list_tenants(text, integer)']);
    await runner.query(
      'DROP INDEX linkbroker.upstream_revocations_set, linkbroker.alexa_users_link, linkbroker.tenants_closed',
    );
    await runner.query('ALTER TABLE linkbroker.tenants DROP COLUMN closed_at');
  }
}

async function giveToResolver(runner: QueryRunner, signatures: readonly string[]): Promise<void> {
  await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
  for (const signature of signatures) {
    await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO ${CALLERS[signature] ?? ''}`);
  }
  await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
}

/** The first two keep the check of a foreign key from reading a whole table for every token set or link that goes. */
const INDEXES = `
CREATE INDEX upstream_revocations_set ON linkbroker.upstream_revocations (token_set_id);
CREATE INDEX alexa_users_link ON linkbroker.alexa_users (link_id);
CREATE INDEX tenants_closed ON linkbroker.tenants (closed_at) WHERE closed_at IS NOT NULL;
`;

const FUNCTIONS = `
CREATE OR REPLACE FUNCTION linkbroker.resolve_tenant(p_slug text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT id FROM tenants WHERE slug = p_slug AND closed_at IS NULL
$$;

-- Tenants after a slug, for operators; those that were closed are there until nothing is left of them.
CREATE FUNCTION linkbroker.list_tenants(p_after text, p_limit integer)
RETURNS TABLE (slug text, name text, timeline_days integer, created_at timestamptz, closed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT t.slug, t.name, t.timeline_days, t.created_at, t.closed_at FROM tenants t
  WHERE t.slug COLLATE "C" > p_after COLLATE "C" ORDER BY t.slug COLLATE "C" LIMIT p_limit
$$;

-- Goes on with the tenant that has been closed for longest, an hour at the least, of those that have no revocation left to
-- carry out: its data keys first, with which all that was sealed cannot be read any more, then up to p_limit rows. One at a
-- time does it. Every delete names the tenant, and policies hold it to that where the resolver has none of its own. No row where
-- there is nothing to do.
CREATE FUNCTION linkbroker.destroy_closed_tenant(p_now timestamptz, p_limit integer)
RETURNS TABLE (slug text, removed bigint, finished boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
DECLARE v_tenant tenants; v_table text; v_gone bigint; v_removed bigint := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('linkbroker.destroy_closed_tenant', 0)) THEN RETURN; END IF;
  SELECT t.* INTO v_tenant FROM tenants t
  WHERE t.closed_at <= p_now - interval '1 hour'
    AND NOT EXISTS (SELECT 1 FROM upstream_revocations r WHERE r.tenant_id = t.id AND r.state IN ('held', 'running'))
  ORDER BY t.closed_at LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('linkbroker.tenant_id', v_tenant.id::text, true);
  DELETE FROM data_keys k WHERE k.tenant_id = v_tenant.id;
  FOREACH v_table IN ARRAY '{${ROWS.join(', ')}}'::text[] LOOP
    EXECUTE format('DELETE FROM %1$s WHERE tenant_id = $1
      AND ctid = ANY (ARRAY(SELECT e.ctid FROM %1$s e WHERE e.tenant_id = $1 LIMIT $2))', v_table)
      USING v_tenant.id, p_limit - v_removed;
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    v_removed := v_removed + v_gone;
    IF v_removed >= p_limit THEN RETURN QUERY SELECT v_tenant.slug, v_removed, false; RETURN; END IF;
  END LOOP;
  DELETE FROM tenants t WHERE t.id = v_tenant.id;
  PERFORM append_audit(NULL, p_now, 'command', NULL, 'worker', 'tenant.destroyed', v_tenant.slug, '{}', NULL);
  RETURN QUERY SELECT v_tenant.slug, v_removed, true;
END $$;
`;

/** What `down` goes back to. */
const BEFORE = `
CREATE OR REPLACE FUNCTION linkbroker.resolve_tenant(p_slug text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT id FROM tenants WHERE slug = p_slug
$$;
CREATE FUNCTION linkbroker.list_tenants(p_after text, p_limit integer)
RETURNS TABLE (slug text, name text, timeline_days integer, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT t.slug, t.name, t.timeline_days, t.created_at FROM tenants t
  WHERE t.slug COLLATE "C" > p_after COLLATE "C" ORDER BY t.slug COLLATE "C" LIMIT p_limit
$$;
`;
