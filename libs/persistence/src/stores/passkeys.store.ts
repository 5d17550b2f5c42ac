import type { DataSource } from 'typeorm';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { changesRows } from './tenant-transaction.js';

/** A credential that a browser or a key of hardware made for an account. @see Web Authentication Level 3 */
export interface Passkey {
  /** The credential id, base64url. */
  readonly id: string;
  readonly accountId: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Passkeys of accounts. */
export class PasskeysStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The oldest first. */
  async list(accountId: string): Promise<Passkey[]> {
    return (await this.rows('account_id', accountId)).map(toPasskey);
  }

  async find(id: string): Promise<Passkey | undefined> {
    const [row] = await this.rows('id', id);
    return row && toPasskey(row);
  }

  /** False where the credential is there already. */
  add(passkey: Omit<Passkey, 'lastUsedAt'>, entry: AuditEntry): Promise<boolean> {
    const { id, accountId, publicKey, counter, transports, name, createdAt } = passkey;
    return this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<unknown[]>(
        `INSERT INTO linkbroker.passkeys (id, account_id, public_key, counter, transports, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id`,
        [id, accountId, publicKey, counter, transports, name, createdAt],
      );
      if (rows.length > 0) await appendAudit(manager, null, entry);
      return rows.length > 0;
    });
  }

  /** Notes a use; false where the counter did not go on, which says that there are two of it. */
  used(id: string, counter: number, now: Date): Promise<boolean> {
    return changesRows(
      this.dataSource.manager,
      `UPDATE linkbroker.passkeys SET counter = $2, last_used_at = $3
       WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING id`,
      [id, counter, now],
    );
  }

  /** False where the account has no such passkey, or where it is an operator's last factor. */
  remove(accountId: string, id: string, entry: AuditEntry): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM linkbroker.accounts WHERE id = $1 FOR UPDATE', [accountId]);
      const removed = await changesRows(manager, REMOVE, [accountId, id]);
      if (removed) await appendAudit(manager, null, entry);
      return removed;
    });
  }

  private rows(column: 'id' | 'account_id', value: string): Promise<Row[]> {
    return this.dataSource.query<Row[]>(
      `SELECT id, account_id AS "accountId", public_key AS "publicKey", counter, transports, name,
         created_at AS "createdAt", last_used_at AS "lastUsedAt"
       FROM linkbroker.passkeys WHERE ${column} = $1 ORDER BY created_at, id`,
      [value],
    );
  }
}

const REMOVE = `
DELETE FROM linkbroker.passkeys p USING linkbroker.accounts a
WHERE p.account_id = $1 AND p.id = $2 AND a.id = p.account_id
  AND (NOT a.is_operator OR a.totp_confirmed_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM linkbroker.passkeys o WHERE o.account_id = a.id AND o.id <> p.id))
RETURNING p.id`;

/** A bigint comes as text. */
type Row = Omit<Passkey, 'counter'> & { readonly counter: string };

const toPasskey = (row: Row): Passkey => ({ ...row, counter: Number(row.counter) });
