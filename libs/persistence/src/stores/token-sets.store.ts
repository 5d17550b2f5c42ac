import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

export type TokenSetState = 'active' | 'at_risk' | 'dead' | 'revoked';

/** A stored token set, still sealed. */
export interface StoredTokenSet {
  readonly id: string;
  readonly version: number;
  readonly state: TokenSetState;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly sealed: Buffer;
}

/** What a refresh must know of a set. */
export interface RefreshableTokenSet extends StoredTokenSet {
  readonly connectorId: string;
  /** When this version was stored. */
  readonly storedAt: Date;
  /** Not before this, as the provider or our own backoff asked. */
  readonly retryAt: Date | null;
  /** Whether somebody holds its lease now. */
  readonly leased: boolean;
}

/** When a set is to be refreshed next: while it is in use, and while it only has to be kept alive. Null: never. */
export interface RefreshDue {
  readonly activeDueAt: Date | null;
  readonly dormantDueAt: Date | null;
}

/** One version of a token set, sealed for exactly this row and version. */
export interface SealedTokenSet extends RefreshDue {
  readonly id: string;
  readonly connectorId: string;
  readonly subject: string;
  readonly domain: Buffer;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  /** Whether the provider issued a refresh token just now. */
  readonly freshRefreshToken: boolean;
  readonly sealed: Buffer;
}

/** What a refresh brought, sealed for the next version. */
export interface RefreshedTokens extends RefreshDue {
  readonly setId: string;
  readonly fence: number;
  readonly attemptId: string;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly sealed: Buffer;
}

/** How an attempt ended that brought nothing. */
export interface FailedAttempt {
  readonly setId: string;
  readonly fence: number;
  readonly attemptId: string;
  readonly outcome: 'terminal' | 'transient' | 'misconfigured' | 'not-sent';
  readonly errorCode: string | null;
  /** Before this nobody asks again who has not been asked to. */
  readonly retryAt: Date | null;
  /** When the worker tries again by itself. */
  readonly dueAt: Date | null;
}

/** What a failure amounts to. */
export interface FailureEvidence {
  readonly state: TokenSetState | null;
  /** Why the whole connector is left alone for a while, or null. */
  readonly parked: 'misconfigured' | 'burst' | null;
}

/**
 * Upstream token sets: written by links, refreshed under a lease with a journal. Every verb takes the tenant first and is
 * one round trip.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0011
 */
export class TokenSetsStore {
  constructor(private readonly database: Database) {}

  /** The set of one subject at one connector. */
  async findBySubject(
    tenantId: TenantId,
    connectorId: string,
    subject: string,
    deadline: Deadline,
  ): Promise<StoredTokenSet | undefined> {
    const [row] = await this.database.query<TokenSetRow>(FIND, [tenantId, connectorId, subject], deadline);
    return row && toStored(row);
  }

  /** Another connector's set of the same tenant and revocation domain whose refresh token works as far as known. */
  async findSibling(
    tenantId: TenantId,
    domain: Buffer,
    connectorId: string,
    deadline: Deadline,
  ): Promise<StoredTokenSet | undefined> {
    const [row] = await this.database.query<TokenSetRow>(FIND_SIBLING, [tenantId, domain, connectorId], deadline);
    return row && toStored(row);
  }

  /**
   * Stores the next version of a set.
   * @returns refresh tokens issued so far in the tenant's sets of its domain; undefined when another writer was first and
   *   the caller must read again
   */
  async store(tenantId: TenantId, set: SealedTokenSet, now: Date, deadline: Deadline): Promise<number | undefined> {
    const values = [
      ...[tenantId, set.id, set.connectorId, set.subject, set.domain, set.version, set.scopes, set.hasRefreshToken],
      ...[set.accessExpiresAt, set.refreshExpiresAt, set.freshRefreshToken, set.activeDueAt, set.dormantDueAt],
      ...[set.sealed, now],
    ];
    const store = () => this.database.query<{ store_token_set: string | null }>(STORE, values, deadline);
    const [row] = await store().catch((error: unknown) => {
      // Rows are told apart by subject; one that is just being rewritten can be missed there, and met by its id.
      if (isUniqueViolation(error)) return store();
      throw error;
    });
    return row?.store_token_set == null ? undefined : Number(row.store_token_set);
  }

  async find(tenantId: TenantId, setId: string, deadline: Deadline): Promise<RefreshableTokenSet | undefined> {
    const [row] = await this.database.query<RefreshableRow>(FIND_UPSTREAM, [tenantId, setId], deadline);
    return row && toRefreshable(row);
  }

  /** Takes the lease of one version and opens the journal entry; undefined when somebody else has it. */
  async lease(
    tenantId: TenantId,
    lease: { setId: string; version: number; attemptId: string; leaseMs: number },
    now: Date,
    deadline: Deadline,
  ): Promise<number | undefined> {
    const { setId, version, attemptId, leaseMs } = lease;
    const values = [tenantId, setId, version, attemptId, `${String(leaseMs)} milliseconds`, now];
    const [row] = await this.database.query<{ lease_token_set: number | null }>(LEASE, values, deadline);
    return row?.lease_token_set ?? undefined;
  }

  /** Notes, right before the socket is written to, that the outcome is unknown from here on; false when the lease is lost. */
  async markSent(
    tenantId: TenantId,
    attempt: { setId: string; fence: number; attemptId: string },
    deadline: Deadline,
  ): Promise<boolean> {
    const values = [tenantId, attempt.setId, attempt.fence, attempt.attemptId];
    const [row] = await this.database.query<{ mark_attempt_sent: boolean }>(MARK_SENT, values, deadline);
    return row?.mark_attempt_sent ?? false;
  }

  /** Stores what came back, where the fence still matches, and gives the lease back. False: a re-link was first. */
  async finish(tenantId: TenantId, tokens: RefreshedTokens, now: Date, deadline: Deadline): Promise<boolean> {
    const values = [
      ...[tenantId, tokens.setId, tokens.fence, tokens.attemptId, tokens.version, tokens.scopes],
      ...[tokens.hasRefreshToken, tokens.accessExpiresAt, tokens.refreshExpiresAt, tokens.activeDueAt],
      ...[tokens.dormantDueAt, tokens.sealed, now],
    ];
    const [row] = await this.database.query<{ finish_token_refresh: boolean }>(FINISH, values, deadline);
    return row?.finish_token_refresh ?? false;
  }

  /** Ends an attempt that brought nothing, gives the lease back, and answers the state this evidence leaves. */
  async fail(tenantId: TenantId, attempt: FailedAttempt, now: Date, deadline: Deadline): Promise<FailureEvidence> {
    const { setId, fence, attemptId, outcome, errorCode, retryAt, dueAt } = attempt;
    const values = [tenantId, setId, fence, attemptId, outcome, errorCode, retryAt, dueAt, now];
    const [row] = await this.database.query<FailureEvidence>(FAIL, values, deadline);
    return row ?? { state: null, parked: null };
  }
}

const select = (name: string, call: string) => ({ name, text: `SELECT * FROM linkbroker.${call}` });
const FIND = select('find_token_set', 'find_token_set($1, $2, $3)');
const FIND_SIBLING = select('find_sibling_token_set', 'find_sibling_token_set($1, $2, $3)');
const isUniqueViolation = (error: unknown): boolean => (error as { code?: string }).code === '23505';

const STORE = select(
  'store_token_set',
  'store_token_set($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)',
);
const FIND_UPSTREAM = select('find_upstream_tokens', 'find_upstream_tokens($1, $2)');
const LEASE = select('lease_token_set', 'lease_token_set($1, $2, $3, $4, $5::interval, $6)');
const MARK_SENT = select('mark_attempt_sent', 'mark_attempt_sent($1, $2, $3, $4)');
const FINISH = select(
  'finish_token_refresh',
  'finish_token_refresh($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
);
const FAIL = select('fail_token_refresh', 'fail_token_refresh($1, $2, $3, $4, $5, $6, $7, $8, $9)');

interface TokenSetRow {
  readonly id: string;
  readonly version: number;
  readonly state: TokenSetState;
  readonly scopes: string[];
  readonly has_refresh_token: boolean;
  readonly access_expires_at: Date | null;
  readonly refresh_expires_at: Date | null;
  readonly sealed: Buffer;
}

/** The columns that functions answering a set for a refresh share. */
export interface RefreshableRow {
  readonly set_id: string;
  readonly connector_id: string;
  readonly version: number;
  readonly state: TokenSetState;
  readonly access_expires_at: Date | null;
  readonly refresh_expires_at: Date | null;
  readonly has_refresh_token: boolean;
  readonly set_scopes: string[];
  readonly updated_at: Date;
  readonly retry_at: Date | null;
  readonly leased: boolean;
  readonly sealed: Buffer;
}

function toStored(row: TokenSetRow): StoredTokenSet {
  return {
    id: row.id,
    version: row.version,
    state: row.state,
    scopes: row.scopes,
    hasRefreshToken: row.has_refresh_token,
    accessExpiresAt: row.access_expires_at,
    refreshExpiresAt: row.refresh_expires_at,
    sealed: row.sealed,
  };
}

export function toRefreshable(row: RefreshableRow): RefreshableTokenSet {
  return {
    ...toStored({ ...row, id: row.set_id, scopes: row.set_scopes }),
    connectorId: row.connector_id,
    storedAt: row.updated_at,
    retryAt: row.retry_at,
    leased: row.leased,
  };
}
