import type { MigrationInterface, QueryRunner } from 'typeorm';

const SIGNATURE = 'find_repair_target(uuid, uuid)';

/**
 * What a repair link has to know of the link it renews. Clients are not readable for the broker, hence a function of the
 * resolver's; it looks at one tenant all the same.
 * @see ADR 0004, ADR 0015
 */
export class RepairLinks1764000000014 implements MigrationInterface {
  name = 'RepairLinks1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FIND_REPAIR_TARGET);
    await runner.query('GRANT CREATE ON SCHEMA linkbroker TO linkbroker_resolver');
    await runner.query(`ALTER FUNCTION linkbroker.${SIGNATURE} OWNER TO linkbroker_resolver`);
    await runner.query('REVOKE CREATE ON SCHEMA linkbroker FROM linkbroker_resolver');
    await runner.query(`REVOKE EXECUTE ON FUNCTION linkbroker.${SIGNATURE} FROM PUBLIC`);
    await runner.query(`GRANT EXECUTE ON FUNCTION linkbroker.${SIGNATURE} TO linkbroker_broker, linkbroker_admin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION linkbroker.${SIGNATURE}`);
  }
}

const FIND_REPAIR_TARGET = `
-- Live means that Alexa holds a grant of the link that works.
CREATE FUNCTION linkbroker.find_repair_target(p_tenant uuid, p_link uuid)
RETURNS TABLE (link_id uuid, skill_id uuid, client_id text, connector_id uuid, subject text, live boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT l.id, l.skill_id, c.client_id, l.connector_id, l.subject,
    EXISTS (SELECT 1 FROM grants g WHERE g.link_id = l.id AND g.revoked_at IS NULL AND g.code_consumed_at IS NOT NULL)
  FROM links l JOIN clients c ON c.skill_id = l.skill_id AND c.kind = 'alexa'
  WHERE l.id = p_link AND l.tenant_id = p_tenant
$$;
`;
