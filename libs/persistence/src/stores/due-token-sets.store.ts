import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';
import {
  toRefreshable,
  type RefreshableRow,
  type RefreshableTokenSet,
  type RefreshedTokens,
} from './token-sets.store.js';

/** A due set with the lease and journal entry that its claim took. */
export interface ClaimedTokenSet extends RefreshableTokenSet {
  readonly tenantId: TenantId;
  readonly fence: number;
  readonly attemptId: string;
  /** Attempts in a row that brought nothing. */
  readonly failures: number;
}

/** An attempt whose owner died. */
export interface LostAttempt {
  readonly tenantId: TenantId;
  readonly setId: string;
  /** Whether the provider may have seen it. */
  readonly sent: boolean;
}

/**
 * Token sets as the worker sees them, across tenants: what is due, what is in use, what was left behind.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0011
 */
export class DueTokenSetsStore {
  constructor(private readonly database: Database) {}

  /** Claims what is due, oldest first and at most `perConnector` of each connector, each with its lease. */
  async claimDue(
    now: Date,
    claim: { limit: number; perConnector: number; leaseMs: number },
    deadline: Deadline,
  ): Promise<ClaimedTokenSet[]> {
    const values = [now, claim.limit, claim.perConnector, `${String(claim.leaseMs)} milliseconds`];
    const rows = await this.database.query<ClaimedRow>(CLAIM_DUE, values, deadline);
    return rows.map((row) => ({
      ...toRefreshable(row),
      tenantId: asTenantId(row.tenant_id),
      fence: row.fence,
      attemptId: row.attempt_id,
      failures: row.failures,
    }));
  }

  /** Notes that sets are in use; from now on they are kept fresh and not only alive. */
  async use(setIds: readonly string[], now: Date, deadline: Deadline): Promise<void> {
    await this.database.query(USE, [setIds, now], deadline);
  }

  /** Ends attempts whose owner is gone; tells of each whether it may have been sent. */
  async endLost(now: Date, limit: number, deadline: Deadline): Promise<LostAttempt[]> {
    const rows = await this.database.query<LostRow>(END_LOST, [now, limit], deadline);
    return rows.map((row) => ({ tenantId: asTenantId(row.tenant_id), setId: row.token_set_id, sent: row.sent }));
  }

  /** Stores an answer that could not be stored at once. False: a re-link, or the same answer, was first. */
  async recover(
    tenantId: TenantId,
    tokens: Omit<RefreshedTokens, 'fence'>,
    now: Date,
    deadline: Deadline,
  ): Promise<boolean> {
    const values = [
      ...[tenantId, tokens.setId, tokens.attemptId, tokens.version, tokens.scopes, tokens.hasRefreshToken],
      ...[tokens.accessExpiresAt, tokens.refreshExpiresAt, tokens.activeDueAt, tokens.dormantDueAt, tokens.sealed, now],
    ];
    const [row] = await this.database.query<{ recover_token_refresh: boolean }>(RECOVER, values, deadline);
    return row?.recover_token_refresh ?? false;
  }
}

const select = (name: string, call: string) => ({ name, text: `SELECT * FROM linkbroker.${call}` });
const CLAIM_DUE = select('claim_due_token_sets', 'claim_due_token_sets($1, $2, $3, $4::interval)');
const USE = select('use_token_sets', 'use_token_sets($1, $2)');
const END_LOST = select('end_lost_attempts', 'end_lost_attempts($1, $2)');
const RECOVER = select(
  'recover_token_refresh',
  'recover_token_refresh($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
);

interface ClaimedRow extends RefreshableRow {
  readonly tenant_id: string;
  readonly fence: number;
  readonly attempt_id: string;
  readonly failures: number;
}

interface LostRow {
  readonly tenant_id: string;
  readonly token_set_id: string;
  readonly sent: boolean;
}
