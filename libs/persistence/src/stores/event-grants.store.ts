import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** An AcceptGrant that wants to exchange its code; the code is a keyed fingerprint. */
export interface EventGrantAttempt {
  readonly skillId: string;
  readonly linkId: string;
  /** The id of the link's event grant where there is none yet. */
  readonly newId: string;
  readonly code: Buffer;
  /** How long a code that was accepted is known again. */
  readonly keepMs: number;
  /** How long nobody else may exchange the code, by the database's clock. */
  readonly leaseMs: number;
}

export type EventGrantBegun =
  | { readonly kind: 'claimed'; readonly id: string; readonly fence: number; readonly version: number }
  /** This very code brought the tokens that are there. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'under-way' };

/** The next version of a grant's tokens, sealed. */
export interface EventGrantTokens {
  readonly id: string;
  readonly fence: number;
  readonly version: number;
  readonly accessExpiresAt: Date;
  readonly activeDueAt: Date;
  readonly dormantDueAt: Date;
  readonly sealed: Buffer;
  readonly code: Buffer | null;
}

export interface EventGrantFailure {
  readonly id: string;
  readonly fence: number;
  readonly outcome: 'terminal' | 'transient' | 'misconfigured' | 'not-sent';
  readonly errorCode: string | null;
  readonly dueAt: Date | null;
}

/** A grant whose refresh somebody has claimed, with the client it is refreshed with, sealed. */
export interface ClaimedEventGrant {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly skillId: string;
  readonly linkId: string;
  readonly version: number;
  readonly fence: number;
  readonly failures: number;
  readonly state: 'active' | 'at_risk';
  readonly sealed: Buffer;
  readonly clientId: string;
  readonly sealedClientSecret: Buffer;
}

/**
 * The tokens that AcceptGrant brings, one grant for each link.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0019
 */
export class EventGrantsStore {
  constructor(private readonly database: Database) {}

  /** Takes the right to exchange a code, or tells what keeps it from the caller. */
  async begin(
    tenantId: TenantId,
    { skillId, linkId, newId, code, keepMs, leaseMs }: EventGrantAttempt,
    now: Date,
    deadline: Deadline,
  ): Promise<EventGrantBegun> {
    const [row] = await this.database.query<BegunRow>(
      BEGIN,
      [tenantId, skillId, linkId, newId, code, milliseconds(keepMs), milliseconds(leaseMs), now],
      deadline,
    );
    // Neither inserted nor found: it ended in between. Whoever asks again finds it free.
    if (!row) return { kind: 'under-way' };
    if (row.outcome !== 'claimed') return { kind: row.outcome };
    return { kind: 'claimed', id: row.grant_id, fence: row.grant_fence, version: row.grant_version };
  }

  /** Stores tokens where the fence still matches; false where something newer went before. */
  async finish(tenantId: TenantId, tokens: EventGrantTokens, now: Date, deadline: Deadline): Promise<boolean> {
    const { id, fence, version, accessExpiresAt, activeDueAt, dormantDueAt, sealed, code } = tokens;
    const [row] = await this.database.query<{ finish_event_grant: boolean }>(
      FINISH,
      [tenantId, id, fence, version, accessExpiresAt, activeDueAt, dormantDueAt, sealed, code, now],
      deadline,
    );
    return row?.finish_event_grant ?? false;
  }

  /** Ends an attempt that brought nothing; the grant's state, null where there is none any more. */
  async fail(
    tenantId: TenantId,
    { id, fence, outcome, errorCode, dueAt }: EventGrantFailure,
    now: Date,
    deadline: Deadline,
  ): Promise<'active' | 'at_risk' | 'dead' | 'ended' | null> {
    const [row] = await this.database.query<{ fail_event_grant: 'active' | 'at_risk' | 'dead' | 'ended' | null }>(
      FAIL,
      [tenantId, id, fence, outcome, errorCode, dueAt, now],
      deadline,
    );
    return row?.fail_event_grant ?? null;
  }

  /** Claims grants whose refresh is due, oldest first, whosever they are. */
  async claimDue(
    now: Date,
    { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
    deadline: Deadline,
  ): Promise<ClaimedEventGrant[]> {
    const rows = await this.database.query<ClaimedRow>(CLAIM, [now, limit, milliseconds(leaseMs)], deadline);
    return rows.map((row) => ({
      tenantId: asTenantId(row.tenant_id),
      id: row.grant_id,
      skillId: row.skill_id,
      linkId: row.link_id,
      version: row.version,
      fence: row.fence,
      failures: row.failures,
      state: row.state,
      sealed: row.sealed,
      clientId: row.client_id,
      sealedClientSecret: row.client_secret,
    }));
  }
}

const milliseconds = (count: number): string => `${String(count)} milliseconds`;

const BEGIN = {
  name: 'begin_event_grant',
  text: 'SELECT * FROM linkbroker.begin_event_grant($1, $2, $3, $4, $5, $6, $7, $8)',
};
const FINISH = {
  name: 'finish_event_grant',
  text: 'SELECT linkbroker.finish_event_grant($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
};
const FAIL = { name: 'fail_event_grant', text: 'SELECT linkbroker.fail_event_grant($1, $2, $3, $4, $5, $6, $7)' };
const CLAIM = {
  name: 'claim_due_event_grants',
  text: 'SELECT * FROM linkbroker.claim_due_event_grants($1, $2, $3)',
};

interface BegunRow {
  readonly outcome: 'claimed' | 'accepted' | 'under-way';
  readonly grant_id: string;
  readonly grant_fence: number;
  readonly grant_version: number;
}

interface ClaimedRow {
  readonly tenant_id: string;
  readonly grant_id: string;
  readonly skill_id: string;
  readonly link_id: string;
  readonly version: number;
  readonly fence: number;
  readonly failures: number;
  readonly state: 'active' | 'at_risk';
  readonly sealed: Buffer;
  readonly client_id: string;
  readonly client_secret: Buffer;
}
