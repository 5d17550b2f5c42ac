import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several refreshes of one tenant in one call and one commit. @see ADR 0009 */
export class SharedRefreshes1764000000005 implements MigrationInterface {
  name = 'SharedRefreshes1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REFRESH_GRANTS);
    await runner.query('REVOKE EXECUTE ON FUNCTION linkbroker.refresh_grants FROM PUBLIC');
    await runner.query('GRANT EXECUTE ON FUNCTION linkbroker.refresh_grants TO linkbroker_broker');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION linkbroker.refresh_grants');
  }
}

/**
 * Calls `refresh_grant` for each place of the arrays, so that the rule stands in one function only, and answers its
 * texts in the same places. The order of the arrays is the order in which rows are locked: callers sort by grant id. A
 * row that somebody else holds must not hold up the others: after a tenth of a second all of it is taken back and the
 * answer is null.
 */
const REFRESH_GRANTS = `
CREATE FUNCTION linkbroker.refresh_grants(
  p_tenant uuid, p_skills uuid[], p_grants uuid[], p_secret_hashes bytea[], p_presented bigint[], p_keep integer[],
  p_now timestamptz[], p_mac_keys smallint[])
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  v_results text[];
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true), set_config('lock_timeout', '100ms', true);
  FOR i IN 1 .. cardinality(p_grants) LOOP
    v_results[i] := linkbroker.refresh_grant(p_tenant, p_skills[i], p_grants[i], p_secret_hashes[i], p_presented[i],
      p_keep[i], p_now[i], p_mac_keys[i]);
  END LOOP;
  RETURN v_results;
EXCEPTION WHEN lock_not_available THEN
  RETURN NULL;
END $$;
`;
