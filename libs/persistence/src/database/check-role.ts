import type { DataSource } from 'typeorm';

interface RoleFacts {
  readonly role: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly owns: boolean;
}

/**
 * Refuses a role that row-level security does not bind.
 * @throws Error that names the role and what is wrong with it
 * @see ADR 0004
 */
export async function checkRole(dataSource: DataSource): Promise<void> {
  const [facts] = await dataSource.query<RoleFacts[]>(`
    SELECT current_user AS role, r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
      EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = 'linkbroker' AND c.relkind = 'r' AND pg_has_role(c.relowner, 'MEMBER')) AS owns
    FROM pg_roles r WHERE r.rolname = current_user`);
  if (!facts) throw new Error('DATABASE_URL: cannot read the role it connects as');
  const reasons = [
    facts.superuser ? 'is a superuser' : '',
    facts.bypasses ? 'has BYPASSRLS' : '',
    facts.owns ? 'owns the tables' : '',
  ].filter((reason) => reason !== '');
  if (reasons.length > 0) {
    throw new Error(
      `DATABASE_URL: role "${facts.role}" ${reasons.join(' and ')}, so row-level security would not hold; ` +
        'use a role that is only granted linkbroker_broker, linkbroker_worker or linkbroker_admin',
    );
  }
}
