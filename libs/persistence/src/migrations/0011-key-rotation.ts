import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Key rotation: what the command that rotates keys may write, and what has to be known across tenants to do so. Rows of a
 * tenant are written under row-level security with that tenant set.
 * @see ADR 0004, ADR 0013
 */
export class KeyRotation1764000000011 implements MigrationInterface {
  name = 'KeyRotation1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PRIVILEGES);
    await runner.query(FUNCTIONS);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    for (const [signature, roles] of Object.entries(CALLERS)) {
      await runner.query(`ALTER FUNCTION linkbroker.${signature} OWNER TO linkbroker_resolver`);
      await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${signature} TO ${roles}`);
    }
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(CALLERS)) await runner.query(`DROP FUNCTION linkbroker.${signature}`);
    await runner.query(TAKEN_BACK);
  }
}

const CALLERS: Readonly<Record<string, string>> = {
  'count_wrapped_keys()': 'linkbroker_broker, linkbroker_worker, linkbroker_admin',
  'list_data_keys()': 'linkbroker_admin',
  'count_mac_key_grants()': 'linkbroker_admin',
  'remove_mac_key(smallint, timestamptz)': 'linkbroker_admin',
};

const PRIVILEGES = `
GRANT UPDATE (master_key_id, wrapped) ON linkbroker.mac_keys, linkbroker.fingerprint_keys TO linkbroker_admin;
GRANT UPDATE (master_key_id, wrapped, retired_at), DELETE ON linkbroker.data_keys TO linkbroker_admin;
GRANT UPDATE (sealed) ON linkbroker.upstream_token_sets TO linkbroker_admin;

GRANT SELECT ON linkbroker.data_keys, linkbroker.mac_keys, linkbroker.fingerprint_keys TO linkbroker_resolver;
GRANT DELETE ON linkbroker.mac_keys TO linkbroker_resolver;
CREATE POLICY resolver_reads ON linkbroker.data_keys FOR SELECT TO linkbroker_resolver USING (true);
`;

const TAKEN_BACK = `
DROP POLICY resolver_reads ON linkbroker.data_keys;
REVOKE SELECT ON linkbroker.data_keys, linkbroker.mac_keys, linkbroker.fingerprint_keys FROM linkbroker_resolver;
REVOKE DELETE ON linkbroker.mac_keys FROM linkbroker_resolver;
REVOKE UPDATE (master_key_id, wrapped) ON linkbroker.mac_keys, linkbroker.fingerprint_keys FROM linkbroker_admin;
REVOKE UPDATE (master_key_id, wrapped, retired_at), DELETE ON linkbroker.data_keys FROM linkbroker_admin;
REVOKE UPDATE (sealed) ON linkbroker.upstream_token_sets FROM linkbroker_admin;
`;

const FUNCTIONS = `
-- Which master keys are needed, and for how many keys of each kind; of no tenant in particular.
CREATE FUNCTION linkbroker.count_wrapped_keys() RETURNS TABLE (kind text, master_key_id text, keys bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT 'mac', m.master_key_id, count(*) FROM mac_keys m GROUP BY m.master_key_id
  UNION ALL SELECT 'fingerprint', f.master_key_id, count(*) FROM fingerprint_keys f GROUP BY f.master_key_id
  UNION ALL SELECT 'data', d.master_key_id, count(*) FROM data_keys d GROUP BY d.master_key_id
$$;

-- Every data key with its tenant, without the key.
CREATE FUNCTION linkbroker.list_data_keys()
RETURNS TABLE (tenant_id uuid, tenant_slug text, id uuid, master_key_id text, created_at timestamptz, retired_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT d.tenant_id, t.slug, d.id, d.master_key_id, d.created_at, d.retired_at
  FROM data_keys d JOIN tenants t ON t.id = d.tenant_id
  ORDER BY t.slug, d.retired_at NULLS FIRST
$$;

-- For each MAC key the live grants whose newest token it signed, and those whose household may still hold a token of it:
-- any generation of a live grant is good (ADR 0001), so these are all that were redeemed before the next key signed,
-- with an hour for clocks that are apart. While no next key is there, all of them may come to hold one.
CREATE FUNCTION linkbroker.count_mac_key_grants()
RETURNS TABLE (id smallint, stops_signing_at timestamptz, newest bigint, held bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  WITH keys AS (
    SELECT m.id, (SELECT min(n.signs_from) FROM mac_keys n WHERE (n.signs_from, n.id) > (m.signs_from, m.id)) AS stops
    FROM mac_keys m),
  live AS MATERIALIZED (
    SELECT g.mac_key_id, g.code_consumed_at FROM grants g WHERE g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL)
  SELECT k.id, k.stops,
    (SELECT count(*) FROM live l WHERE l.mac_key_id = k.id),
    (SELECT count(*) FROM live l
     WHERE l.mac_key_id = k.id OR k.stops IS NULL OR l.code_consumed_at < k.stops + interval '1 hour')
  FROM keys k ORDER BY k.id
$$;

-- Removes a MAC key that has stopped signing and that no live household may hold a token of; null when it is gone. Else
-- the number of those grants, or -1 while it signs or is going to.
CREATE FUNCTION linkbroker.remove_mac_key(p_id smallint, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
DECLARE v_stops timestamptz; v_held bigint;
BEGIN
  SELECT c.stops_signing_at, c.held INTO v_stops, v_held FROM count_mac_key_grants() AS c WHERE c.id = p_id;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF v_stops IS NULL OR v_stops + interval '1 hour' > p_now THEN RETURN -1; END IF;
  IF v_held > 0 THEN RETURN v_held; END IF;
  DELETE FROM mac_keys AS m WHERE m.id = p_id;
  RETURN NULL;
END $$;
`;
