import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import { toRefreshable, type RefreshableRow, type RefreshableTokenSet } from './token-sets.store.js';

/** A line that can be judged now, with its token set. */
export interface ClaimedLine {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly skillId: string;
  /** Whom it claims to be about. */
  readonly subject: string;
  /** How often it has been tried, this time included. */
  readonly attempts: number;
  /** How many refresh tokens of the other server it brings. */
  readonly tokens: number;
  readonly tokenSet: RefreshableTokenSet;
  readonly staged: boolean;
  /** Of a set that is not staged any more: whom its provider has named. */
  readonly provedSubject: string;
  readonly lastError: string | null;
}

/** A line whose subject its provider has confirmed. */
export interface AdoptedLine {
  readonly id: string;
  readonly subject: string;
  readonly domain: Buffer;
  /** Of the set once it has its subject. */
  readonly version: number;
  readonly sealed: Buffer;
  readonly activeDueAt: Date | null;
  readonly dormantDueAt: Date | null;
  readonly newLinkId: string;
  /** One for each refresh token. */
  readonly grantIds: readonly string[];
}

/**
 * Imported links as the worker sees them, across tenants: what can be proved now, and what came of it.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0023
 */
export class ImportedLinksStore {
  constructor(private readonly database: Database) {}

  /** Claims lines that can be judged now, the oldest first and at most `perConnector` of each connector. */
  async claim(
    now: Date,
    claim: { limit: number; perConnector: number; leaseMs: number },
    deadline: Deadline,
  ): Promise<ClaimedLine[]> {
    const values = [now, claim.limit, claim.perConnector, `${String(claim.leaseMs)} milliseconds`];
    const rows = await this.database.query<ClaimedRow>(CLAIM, values, deadline);
    return rows.map((row) => ({
      id: row.id,
      tenantId: asTenantId(row.tenant_id),
      skillId: row.skill_id,
      subject: row.subject,
      attempts: row.attempts,
      tokens: row.tokens,
      tokenSet: toRefreshable(row),
      staged: row.staged,
      provedSubject: row.set_subject,
      lastError: row.last_error,
    }));
  }

  /** Adopts a line; its link, undefined where it was settled meanwhile or its set has moved on. */
  async adopt(tenantId: TenantId, line: AdoptedLine, now: Date, deadline: Deadline): Promise<string | undefined> {
    const values = [
      ...[tenantId, line.id, line.subject, line.domain, line.version, line.sealed, line.activeDueAt, line.dormantDueAt],
      ...[line.newLinkId, line.grantIds, now],
    ];
    try {
      const [row] = await this.database.query<{ adopt_imported_link: string | null }>(ADOPT, values, deadline);
      return row?.adopt_imported_link ?? undefined;
    } catch (error) {
      if ((error as { code?: string }).code === MOVED_ON) return undefined;
      throw error;
    }
  }

  /** Ends a line for good. False where it was settled meanwhile. */
  async refuse(tenantId: TenantId, id: string, reason: string, now: Date, deadline: Deadline): Promise<boolean> {
    const [row] = await this.database.query<{ refuse_imported_link: boolean }>(
      REFUSE,
      [tenantId, id, reason, now],
      deadline,
    );
    return row?.refuse_imported_link ?? false;
  }

  /** Leaves a line alone until `next`, because of what is in its way. */
  async postpone(tenantId: TenantId, id: string, reason: string, next: Date, deadline: Deadline): Promise<void> {
    await this.database.query(POSTPONE, [tenantId, id, reason, next], deadline);
  }

  /** Has the staged set renewed by the refresh chain; the line goes on once that has happened. */
  async renew(
    tenantId: TenantId,
    line: { id: string; setId: string; version: number },
    now: Date,
    deadline: Deadline,
  ): Promise<void> {
    await this.database.query(RENEW, [tenantId, line.id, line.setId, line.version, now], deadline);
  }

  /** Forgets up to `limit` of other servers' tokens that ended before `before`; how many. */
  async forgetForeignTokens(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_foreign_tokens: string }>(FORGET, [before, limit], deadline);
    return Number(row?.forget_foreign_tokens ?? 0);
  }
}

/** Raised where a staged set is not the one that was read. */
const MOVED_ON = '40001';
const select = (name: string, call: string) => ({ name, text: `SELECT * FROM linkbroker.${call}` });
const CLAIM = select('claim_imported_links', 'claim_imported_links($1, $2, $3, $4::interval)');
const ADOPT = select('adopt_imported_link', 'adopt_imported_link($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)');
const REFUSE = select('refuse_imported_link', 'refuse_imported_link($1, $2, $3, $4)');
const POSTPONE = select('postpone_imported_link', 'postpone_imported_link($1, $2, $3, $4)');
const RENEW = select('renew_staged_set', 'renew_staged_set($1, $2, $3, $4, $5)');
const FORGET = select('forget_foreign_tokens', 'forget_foreign_tokens($1, $2)');

interface ClaimedRow extends RefreshableRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly skill_id: string;
  readonly subject: string;
  readonly attempts: number;
  readonly tokens: number;
  readonly set_subject: string;
  readonly staged: boolean;
  readonly last_error: string | null;
}
