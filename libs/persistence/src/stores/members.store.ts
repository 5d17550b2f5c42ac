import type { Role, TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { asTenant } from './tenant-transaction.js';

export interface Member {
  readonly id: string;
  readonly displayName: string;
  readonly login: string | null;
  readonly role: Role;
  readonly since: Date;
}

/** What came of changing a membership. */
export type MemberOutcome = 'done' | 'missing' | 'last-owner';

/** Who belongs to a tenant, and as what. */
export class MembersStore {
  constructor(private readonly dataSource: DataSource) {}

  async roleOf(tenantId: TenantId, accountId: string): Promise<Role | undefined> {
    const [row] = await asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<{ role: Role }[]>('SELECT role FROM linkbroker.members WHERE tenant_id = $1 AND account_id = $2', [
        tenantId,
        accountId,
      ]),
    );
    return row?.role;
  }

  /** In the order in which they came. */
  list(tenantId: TenantId): Promise<Member[]> {
    return asTenant(this.dataSource, tenantId, (manager) => manager.query<Member[]>(LIST, [tenantId]));
  }

  /** Gives a member another role; the last owner stays one. */
  changeRole(tenantId: TenantId, accountId: string, role: Role, entry: AuditEntry): Promise<MemberOutcome> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const outcome = await checkOwners(manager, tenantId, accountId, role);
      if (outcome !== 'done') return outcome;
      await manager.query('UPDATE linkbroker.members SET role = $3 WHERE tenant_id = $1 AND account_id = $2', [
        tenantId,
        accountId,
        role,
      ]);
      await appendAudit(manager, tenantId, entry);
      return 'done';
    });
  }

  /** Removes a member; the last owner stays. */
  remove(tenantId: TenantId, accountId: string, entry: AuditEntry): Promise<MemberOutcome> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const outcome = await checkOwners(manager, tenantId, accountId, null);
      if (outcome !== 'done') return outcome;
      await manager.query('DELETE FROM linkbroker.members WHERE tenant_id = $1 AND account_id = $2', [
        tenantId,
        accountId,
      ]);
      await appendAudit(manager, tenantId, entry);
      return 'done';
    });
  }
}

/**
 * Locks the tenant's owners, so that of two who leave at once the second sees that the first is gone, and says whether
 * one is left when this member becomes something else.
 */
async function checkOwners(
  manager: EntityManager,
  tenantId: TenantId,
  accountId: string,
  becomes: Role | null,
): Promise<MemberOutcome> {
  const owners = await manager.query<{ account_id: string }[]>(
    `SELECT account_id FROM linkbroker.members WHERE tenant_id = $1 AND role = 'owner' ORDER BY account_id FOR UPDATE`,
    [tenantId],
  );
  const [member] = await manager.query<unknown[]>(
    'SELECT 1 FROM linkbroker.members WHERE tenant_id = $1 AND account_id = $2 FOR UPDATE',
    [tenantId, accountId],
  );
  if (!member) return 'missing';
  const last = owners.length === 1 && owners[0]?.account_id === accountId;
  return last && becomes !== 'owner' ? 'last-owner' : 'done';
}

const LIST = `
SELECT a.id, a.display_name AS "displayName", a.login, m.role, m.created_at AS since
FROM linkbroker.members m JOIN linkbroker.accounts a ON a.id = m.account_id
WHERE m.tenant_id = $1 ORDER BY m.created_at, a.id`;
