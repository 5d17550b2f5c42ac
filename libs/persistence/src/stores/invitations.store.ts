import type { Role, TenantId } from '@linkbroker/contracts';
import type { DataSource } from 'typeorm';
import { insertAccount, type Identity, type NewAccount } from './accounts.store.js';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { asTenant, changesRows } from './tenant-transaction.js';

export interface Invitation {
  readonly id: string;
  readonly role: Role;
  /** Whom it is meant for, in the inviter's words. */
  readonly label: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Who accepts: an account that is there, or one that is made with it. */
export interface Acceptance {
  readonly accountId: string;
  readonly account: NewAccount | null;
  /** By which a new account signs in, where it has no password. */
  readonly identity?: Identity;
}

/** What came of accepting; of many who accept one invitation, one is accepted. */
export type AcceptOutcome =
  { readonly outcome: 'accepted'; readonly role: Role } | { readonly outcome: 'void' | 'member' };

/** Invitations to a tenant. The token that accepts one is known by its hash only. */
export class InvitationsStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that can still be accepted, the newest first. */
  list(tenantId: TenantId, now: Date): Promise<Invitation[]> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<Invitation[]>(
        `SELECT id, role, label, created_at AS "createdAt", expires_at AS "expiresAt" FROM linkbroker.invitations
         WHERE tenant_id = $1 AND consumed_at IS NULL AND revoked_at IS NULL AND expires_at > $2
         ORDER BY created_at DESC, id`,
        [tenantId, now],
      ),
    );
  }

  async create(tenantId: TenantId, invitation: Invitation, tokenHash: Buffer, entry: AuditEntry): Promise<void> {
    const { id, role, label, createdAt, expiresAt } = invitation;
    await asTenant(this.dataSource, tenantId, async (manager) => {
      await manager.query(
        `INSERT INTO linkbroker.invitations (id, tenant_id, role, label, token_hash, invited_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [id, tenantId, role, label, tokenHash, entry.actor.label, createdAt, expiresAt],
      );
      await appendAudit(manager, tenantId, entry);
    });
  }

  /** False where there is no such invitation that could still be accepted. */
  revoke(tenantId: TenantId, id: string, entry: AuditEntry): Promise<boolean> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const text = `UPDATE linkbroker.invitations SET revoked_at = $3
        WHERE tenant_id = $1 AND id = $2 AND consumed_at IS NULL AND revoked_at IS NULL RETURNING id`;
      const revoked = await changesRows(manager, text, [tenantId, id, entry.at]);
      if (revoked) await appendAudit(manager, tenantId, entry);
      return revoked;
    });
  }

  /** Whose invitation a token accepts, while it can be. */
  async resolve(tokenHash: Buffer, now: Date): Promise<{ tenantId: TenantId; slug: string } | undefined> {
    const [row] = await this.dataSource.query<{ tenantId: TenantId; slug: string }[]>(
      'SELECT tenant_id AS "tenantId", slug FROM linkbroker.find_invitation($1, $2)',
      [tokenHash, now],
    );
    return row;
  }

  /** Makes a member, and the account where there is none, or nothing at all. @throws LoginTaken */
  async accept(tenantId: TenantId, tokenHash: Buffer, who: Acceptance, entry: AuditEntry): Promise<AcceptOutcome> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      const [member] = await manager.query<unknown[]>(
        'SELECT 1 FROM linkbroker.members WHERE tenant_id = $1 AND account_id = $2',
        [tenantId, who.accountId],
      );
      if (member) return { outcome: 'member' };
      const [[taken]] = await manager.query<[{ role: Role; invited_by: string }[], number]>(CONSUME, [
        tenantId,
        tokenHash,
        entry.at,
      ]);
      if (!taken) return { outcome: 'void' };
      if (who.account) await insertAccount(manager, who.account);
      if (who.identity)
        await manager.query(KNOWN_AS, [who.identity.issuer, who.identity.subject, who.accountId, entry.at]);
      await manager.query(
        `INSERT INTO linkbroker.members (tenant_id, account_id, role, invited_by, created_at) VALUES ($1, $2, $3, $4, $5)`,
        [tenantId, who.accountId, taken.role, taken.invited_by, entry.at],
      );
      await appendAudit(manager, tenantId, { ...entry, diff: { ...entry.diff, role: taken.role } });
      return { outcome: 'accepted', role: taken.role };
    });
  }
}

const KNOWN_AS =
  'INSERT INTO linkbroker.account_identities (issuer, subject, account_id, created_at) VALUES ($1, $2, $3, $4)';

const CONSUME = `
UPDATE linkbroker.invitations SET consumed_at = $3
WHERE tenant_id = $1 AND token_hash = $2 AND consumed_at IS NULL AND revoked_at IS NULL AND expires_at > $3
RETURNING role, invited_by`;
