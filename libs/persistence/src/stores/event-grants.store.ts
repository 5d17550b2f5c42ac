import { asTenantId, type Deadline, type EventRegion, type TenantId } from '@linkbroker/contracts';
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

/** Tokens that are there, with the client they are refreshed with, sealed. */
export interface StoredEventGrant {
  readonly id: string;
  readonly state: 'active' | 'at_risk' | 'dead';
  readonly version: number;
  readonly failures: number;
  readonly accessExpiresAt: Date;
  readonly sealed: Buffer;
  readonly region: EventRegion;
  readonly clientId: string;
  readonly sealedClientSecret: Buffer;
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

  /** The tokens of a link that is alive, with the client and the region of its skill. */
  async find(
    { tenantId, skillId, linkId }: { readonly tenantId: TenantId; readonly skillId: string; readonly linkId: string },
    now: Date,
    deadline: Deadline,
  ): Promise<StoredEventGrant | undefined> {
    const [row] = await this.database.query<FoundRow>(FIND, [tenantId, skillId, linkId, now], deadline);
    return (
      row && {
        ...{ id: row.grant_id, state: row.grant_state, version: row.grant_version, failures: row.grant_failures },
        ...{ accessExpiresAt: row.expires_at, sealed: row.tokens, region: row.home },
        ...{ clientId: row.client_id, sealedClientSecret: row.client_secret },
      }
    );
  }

  /** Takes the lease of one version for a refresh; its fence, or undefined where somebody else was first. */
  async lease(
    tenantId: TenantId,
    { id, version, leaseMs }: { readonly id: string; readonly version: number; readonly leaseMs: number },
    deadline: Deadline,
  ): Promise<number | undefined> {
    const values = [tenantId, id, version, milliseconds(leaseMs)];
    const [row] = await this.database.query<{ lease_event_grant: number | null }>(LEASE, values, deadline);
    return row?.lease_event_grant ?? undefined;
  }

  /** Notes that a grant is in use, and where its household was found. */
  async use(
    tenantId: TenantId,
    { id, region }: { readonly id: string; readonly region: EventRegion | null },
    now: Date,
    deadline: Deadline,
  ): Promise<void> {
    await this.database.query(USE, [tenantId, id, region, now], deadline);
  }

  /** Wipes the tokens of one version; false where newer ones have come. */
  async stop(
    tenantId: TenantId,
    { id, version }: { readonly id: string; readonly version: number },
    deadline: Deadline,
  ): Promise<boolean> {
    const [row] = await this.database.query<{ stop_event_grant: boolean }>(STOP, [tenantId, id, version], deadline);
    return row?.stop_event_grant ?? false;
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
const FIND = { name: 'find_event_grant', text: 'SELECT * FROM linkbroker.find_event_grant($1, $2, $3, $4)' };
const LEASE = { name: 'lease_event_grant', text: 'SELECT linkbroker.lease_event_grant($1, $2, $3, $4)' };
const USE = { name: 'use_event_grant', text: 'SELECT linkbroker.use_event_grant($1, $2, $3, $4)' };
const STOP = { name: 'stop_event_grant', text: 'SELECT linkbroker.stop_event_grant($1, $2, $3)' };
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

interface FoundRow {
  readonly grant_id: string;
  readonly grant_state: 'active' | 'at_risk' | 'dead';
  readonly grant_version: number;
  readonly grant_failures: number;
  readonly expires_at: Date;
  readonly tokens: Buffer;
  readonly home: EventRegion;
  readonly client_id: string;
  readonly client_secret: Buffer;
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
