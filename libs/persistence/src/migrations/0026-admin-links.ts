import type { MigrationInterface, QueryRunner } from 'typeorm';

const REVOKE = 'revoke_link(uuid, uuid, text, timestamptz)';
const HASTEN = 'hasten_refresh(uuid, uuid, timestamptz)';
const LIST = 'list_tenants(text, integer)';
/** A connector is tried from the admin app as well. */
const FIND = 'find_connector(uuid, uuid, boolean)';
const TELL = 'tell_link_revoked(uuid, uuid, uuid, text, timestamptz)';

/**
 * What people do to a single link from the admin app, and the index that lists a skill's links. Ids of links grow with
 * time, so that an index by tenant and id lists them from the newest.
 */
export class AdminLinks1764000000026 implements MigrationInterface {
  name = 'AdminLinks1764000000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX links_skill ON linkbroker.links (tenant_id, skill_id, id)');
    await runner.query(FUNCTIONS);
    for (const signature of [REVOKE, HASTEN, LIST]) {
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO linkbroker_admin`);
    }
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${TELL}, linkbroker.${FIND} TO linkbroker_admin`);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    await runner.query(`ALTER FUNCTION linkbroker.${LIST} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query('GRANT UPDATE (refresh_due_at) ON linkbroker.upstream_token_sets TO linkbroker_admin');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION linkbroker.${REVOKE}, linkbroker.${HASTEN}, linkbroker.${LIST}`);
    await runner.query('DROP INDEX linkbroker.links_skill');
    await runner.query('REVOKE UPDATE (refresh_due_at) ON linkbroker.upstream_token_sets FROM linkbroker_admin');
  }
}

const FUNCTIONS = `
-- Ends every grant of a link that has not ended. How many; null where this tenant has no such link.
CREATE FUNCTION linkbroker.revoke_link(p_tenant uuid, p_link uuid, p_reason text, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE v_skill uuid; v_count integer;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  SELECT l.skill_id INTO v_skill FROM linkbroker.links AS l WHERE l.id = p_link AND l.tenant_id = p_tenant;
  IF v_skill IS NULL THEN RETURN NULL; END IF;
  UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = p_reason
  WHERE g.link_id = p_link AND g.tenant_id = p_tenant AND g.revoked_at IS NULL;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count > 0 THEN
    PERFORM linkbroker.hold_link_revocation(p_tenant, p_link, p_now);
    PERFORM linkbroker.tell_link_revoked(p_tenant, v_skill, p_link, p_reason, p_now);
  END IF;
  RETURN v_count;
END $$;

-- Tenants after a slug, for operators.
CREATE FUNCTION linkbroker.list_tenants(p_after text, p_limit integer)
RETURNS TABLE (slug text, name text, timeline_days integer, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT t.slug, t.name, t.timeline_days, t.created_at FROM tenants t
  WHERE t.slug COLLATE "C" > p_after COLLATE "C" ORDER BY t.slug COLLATE "C" LIMIT p_limit
$$;

-- Makes a sign-in due at once, or as soon as its provider may be asked again. A token of which nobody knows whether it was
-- spent keeps its time: it is presented once more only, as late as can be. When it is due now; null where nothing renews it.
CREATE FUNCTION linkbroker.hasten_refresh(p_tenant uuid, p_link uuid, p_now timestamptz)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE v_due timestamptz;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_token_sets AS u SET refresh_due_at = CASE WHEN u.unknown_sends > 0 THEN u.refresh_due_at
    ELSE least(u.refresh_due_at, greatest(p_now, coalesce(u.retry_at, p_now))) END
  FROM linkbroker.links AS l
  WHERE l.id = p_link AND l.tenant_id = p_tenant AND u.id = l.token_set_id AND u.tenant_id = p_tenant
    AND u.has_refresh_token AND u.state IN ('active', 'at_risk')
  RETURNING u.refresh_due_at INTO v_due;
  RETURN v_due;
END $$;
`;
