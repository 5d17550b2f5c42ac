import type { DataSource } from 'typeorm';
import { insertAccount, type NewAccount } from './accounts.store.js';
import { appendAudit, type AuditEntry } from './audit-log.store.js';
import { changesRows } from './tenant-transaction.js';

/** One who makes the first operator goes before all others. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('linkbroker.first-operator', 0))`;
const OPERATORS = 'SELECT 1 FROM linkbroker.accounts WHERE is_operator LIMIT 1';

/** One-time links by which an installation gets its first operator. */
export class BootstrapStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Puts a link in the place of those before; false once there is an operator. */
  issue(tokenHash: Buffer, expiresAt: Date): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK);
      const operators = await manager.query<unknown[]>(OPERATORS);
      await manager.query('DELETE FROM linkbroker.bootstrap_links');
      if (operators.length > 0) return false;
      await manager.query('INSERT INTO linkbroker.bootstrap_links (token_hash, expires_at) VALUES ($1, $2)', [
        tokenHash,
        expiresAt,
      ]);
      return true;
    });
  }

  /**
   * Makes the first operator and takes every link away; false for a link that is not there, has run out or is void
   * because there is an operator.
   * @throws LoginTaken
   */
  consume(tokenHash: Buffer, operator: NewAccount, entry: AuditEntry): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK);
      if ((await manager.query<unknown[]>(OPERATORS)).length > 0) return false;
      const text = 'DELETE FROM linkbroker.bootstrap_links WHERE token_hash = $1 AND expires_at > $2 RETURNING 1';
      if (!(await changesRows(manager, text, [tokenHash, entry.at]))) return false;
      await insertAccount(manager, operator);
      await appendAudit(manager, null, entry);
      return true;
    });
  }
}
