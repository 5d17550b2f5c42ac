import type { Role, TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { changesRows } from './tenant-transaction.js';

/** Somebody who may sign in. */
export interface Account {
  readonly id: string;
  readonly displayName: string;
  readonly login: string | null;
  readonly passwordHash: string | null;
  /** Sealed; there from the moment an authenticator app is being set up. */
  readonly totpSecret: Buffer | null;
  readonly totpConfirmed: boolean;
  readonly operator: boolean;
  readonly disabledAt: Date | null;
}

/** What an account can present besides its password. */
export interface Factors {
  readonly totp: boolean;
  readonly passkeys: number;
  readonly recoveryCodes: number;
}

export interface Membership {
  readonly tenantId: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
}

export interface NewAccount {
  readonly id: string;
  readonly displayName: string;
  /** Null, as the password is, for who signs in by a provider only. */
  readonly login: string | null;
  readonly passwordHash: string | null;
  readonly operator: boolean;
  readonly createdAt: Date;
}

/** Who somebody is at an OpenID provider. @see OpenID Connect Core 1.0 §2 */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** Somebody else signs in by this name. */
export class LoginTaken extends Error {
  constructor() {
    super('the login is taken');
    this.name = 'LoginTaken';
  }
}

/** Makes an account within a transaction. @throws LoginTaken */
export async function insertAccount(manager: EntityManager, account: NewAccount): Promise<void> {
  const { id, displayName, login, passwordHash, operator, createdAt } = account;
  const rows = await manager.query<unknown[]>(
    `INSERT INTO linkbroker.accounts (id, display_name, login, password_hash, is_operator, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT accounts_login_key DO NOTHING RETURNING id`,
    [id, displayName, login, passwordHash, operator, createdAt],
  );
  if (rows.length === 0) throw new LoginTaken();
}

/** People and what they prove themselves by; every change is written into the installation's audit log with it. */
export class AccountsStore {
  constructor(private readonly dataSource: DataSource) {}

  find(id: string): Promise<Account | undefined> {
    return this.findBy('id', id);
  }

  findByLogin(login: string): Promise<Account | undefined> {
    return this.findBy('login', login);
  }

  /** Whoever a provider vouches for; nothing else of what it says makes anybody somebody. */
  async findByIdentity({ issuer, subject }: Identity): Promise<Account | undefined> {
    const [row] = await this.dataSource.query<Account[]>(
      `SELECT ${COLUMNS} FROM linkbroker.accounts WHERE id =
         (SELECT account_id FROM linkbroker.account_identities WHERE issuer = $1 AND subject = $2)`,
      [issuer, subject],
    );
    return row;
  }

  async operators(): Promise<Account[]> {
    return this.dataSource.query<Account[]>(
      `SELECT ${COLUMNS} FROM linkbroker.accounts WHERE is_operator ORDER BY login`,
    );
  }

  async factorsOf(id: string): Promise<Factors> {
    const [row] = await this.dataSource.query<Factors[]>(FACTORS, [id]);
    return row ?? { totp: false, passkeys: 0, recoveryCodes: 0 };
  }

  async membershipsOf(id: string): Promise<Membership[]> {
    return this.dataSource.query<Membership[]>(
      'SELECT tenant_id AS "tenantId", slug, name, role FROM linkbroker.memberships_of($1)',
      [id],
    );
  }

  /** Puts an authenticator app's secret in place until it is confirmed; false while there is a confirmed one. */
  beginTotp(id: string, sealed: Buffer): Promise<boolean> {
    return changesRows(
      this.dataSource.manager,
      `UPDATE linkbroker.accounts SET totp_secret = $2, totp_last_step = NULL
       WHERE id = $1 AND totp_confirmed_at IS NULL RETURNING id`,
      [id, sealed],
    );
  }

  /** Confirms it by the code of a time step, which is used up with that. */
  confirmTotp(id: string, sealed: Buffer, step: number, entry: AuditEntry): Promise<boolean> {
    return this.change(
      `UPDATE linkbroker.accounts SET totp_confirmed_at = $4, totp_last_step = $3
       WHERE id = $1 AND totp_secret = $2 AND totp_confirmed_at IS NULL RETURNING id`,
      [id, sealed, step, entry.at],
      entry,
    );
  }

  /** Takes a code's time step: once, and none that is older than the last one taken. @see RFC 6238 §5.2 */
  takeTotpStep(id: string, step: number): Promise<boolean> {
    return changesRows(
      this.dataSource.manager,
      `UPDATE linkbroker.accounts SET totp_last_step = $2
       WHERE id = $1 AND totp_confirmed_at IS NOT NULL AND coalesce(totp_last_step < $2, true) RETURNING id`,
      [id, step],
    );
  }

  /** False where there is none, or where it is an operator's last factor. */
  removeTotp(id: string, entry: AuditEntry): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      // Whoever removes a passkey at the same time holds this lock: the next statement sees what he did.
      await manager.query('SELECT 1 FROM linkbroker.accounts WHERE id = $1 FOR UPDATE', [id]);
      const removed = await changesRows(manager, REMOVE_TOTP, [id]);
      if (removed) await appendAudit(manager, null, entry);
      return removed;
    });
  }

  /** Replaces a password where it is still the one that was checked. */
  changePassword(id: string, from: string, to: string, entry: AuditEntry): Promise<boolean> {
    return this.change(
      'UPDATE linkbroker.accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING id',
      [id, from, to],
      entry,
    );
  }

  /** Puts new recovery codes in the place of the old ones. */
  async replaceRecoveryCodes(id: string, hashes: readonly Buffer[], entry: AuditEntry): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('DELETE FROM linkbroker.recovery_codes WHERE account_id = $1', [id]);
      await manager.query(
        'INSERT INTO linkbroker.recovery_codes (account_id, code_hash) SELECT $1, unnest($2::bytea[])',
        [id, hashes],
      );
      await appendAudit(manager, null, entry);
    });
  }

  /** Spends a recovery code: once. */
  takeRecoveryCode(id: string, hash: Buffer, entry: AuditEntry): Promise<boolean> {
    return this.change(
      'DELETE FROM linkbroker.recovery_codes WHERE account_id = $1 AND code_hash = $2 RETURNING account_id',
      [id, hash],
      entry,
    );
  }

  /** Makes an account an operator, or no longer one; false where it is so already. */
  setOperator(id: string, operator: boolean, entry: AuditEntry): Promise<boolean> {
    const text = 'UPDATE linkbroker.accounts SET is_operator = $2 WHERE id = $1 AND is_operator <> $2 RETURNING id';
    return this.change(text, [id, operator], entry);
  }

  /** Shuts an account out from a moment on, or with null lets it in again; false where it is so already. */
  setDisabled(id: string, at: Date | null, entry: AuditEntry): Promise<boolean> {
    return this.change(
      `UPDATE linkbroker.accounts SET disabled_at = $2
       WHERE id = $1 AND (disabled_at IS NULL) <> ($2::timestamptz IS NULL) RETURNING id`,
      [id, at],
      entry,
    );
  }

  /** Takes every second factor off an account, for somebody who lost them. */
  async resetFactors(id: string, entry: AuditEntry): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(
        'UPDATE linkbroker.accounts SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL WHERE id = $1',
        [id],
      );
      await manager.query('DELETE FROM linkbroker.passkeys WHERE account_id = $1', [id]);
      await manager.query('DELETE FROM linkbroker.recovery_codes WHERE account_id = $1', [id]);
      await appendAudit(manager, null, entry);
    });
  }

  private async findBy(column: 'id' | 'login', value: string): Promise<Account | undefined> {
    const [row] = await this.dataSource.query<Account[]>(
      `SELECT ${COLUMNS} FROM linkbroker.accounts WHERE ${column} = $1`,
      [value],
    );
    return row;
  }

  private change(text: string, values: readonly unknown[], entry: AuditEntry): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await changesRows(manager, text, values))) return false;
      await appendAudit(manager, null, entry);
      return true;
    });
  }
}

const COLUMNS = `id, display_name AS "displayName", login, password_hash AS "passwordHash", totp_secret AS "totpSecret",
  totp_confirmed_at IS NOT NULL AS "totpConfirmed", is_operator AS operator, disabled_at AS "disabledAt"`;

const REMOVE_TOTP = `
UPDATE linkbroker.accounts a SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
WHERE id = $1 AND totp_confirmed_at IS NOT NULL
  AND (NOT is_operator OR EXISTS (SELECT 1 FROM linkbroker.passkeys p WHERE p.account_id = a.id)) RETURNING id`;

const FACTORS = `
SELECT totp_confirmed_at IS NOT NULL AS totp,
  (SELECT count(*)::int FROM linkbroker.passkeys p WHERE p.account_id = a.id) AS passkeys,
  (SELECT count(*)::int FROM linkbroker.recovery_codes c WHERE c.account_id = a.id) AS "recoveryCodes"
FROM linkbroker.accounts a WHERE id = $1`;
