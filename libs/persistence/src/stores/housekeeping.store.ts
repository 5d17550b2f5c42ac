import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** A grant that has ended by time. */
export interface ExpiredGrant {
  readonly tenantId: TenantId;
  readonly grantId: string;
}

/** What went of a closed tenant. */
export interface DestroyedPart {
  readonly slug: string;
  readonly removed: number;
  /** Whether nothing is left of it. */
  readonly finished: boolean;
}

/** Cross-tenant clean-up, for the worker. All verbs are bounded and safe to repeat. */
export class HousekeepingStore {
  constructor(private readonly database: Database) {}

  /** Removes up to `limit` pending grants whose code expired before `before`; returns how many went. */
  async expirePendingGrants(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ expire_pending_grants: string }>(EXPIRE, [before, limit], deadline);
    return Number(row?.expire_pending_grants ?? 0);
  }

  /** Up to `limit` grants whose only token has expired and that have not been ended, of all tenants, the oldest first. */
  async listExpiredGrants(now: Date, limit: number, deadline: Deadline): Promise<ExpiredGrant[]> {
    const rows = await this.database.query<{ tenant_id: string; grant_id: string }>(EXPIRED, [now, limit], deadline);
    return rows.map((row) => ({ tenantId: asTenantId(row.tenant_id), grantId: row.grant_id }));
  }

  /** Ends a grant that has expired, with what follows for its link; undefined where there is none of this tenant. */
  async endExpiredGrant(
    tenantId: TenantId,
    grantId: string,
    now: Date,
    deadline: Deadline,
  ): Promise<{ skillId: string; linkId: string } | undefined> {
    const [row] = await this.database.query<{ ended_skill: string; ended_link: string }>(
      END_EXPIRED,
      [tenantId, grantId, now],
      deadline,
    );
    return row && { skillId: row.ended_skill, linkId: row.ended_link };
  }

  /** Retires replaced client secrets that nobody has used for 30 days; returns how many. */
  async retireClientSecrets(now: Date, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ retire_client_secrets: string }>(RETIRE, [now], deadline);
    return Number(row?.retire_client_secrets ?? 0);
  }

  /** Forgets up to `limit` handed-out upstream tokens that expired before `before`; returns how many went. */
  async expireHandedOutTokens(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ expire_handed_out_tokens: string }>(FORGET, [before, limit], deadline);
    return Number(row?.expire_handed_out_tokens ?? 0);
  }

  /** Removes up to `limit` ended attempts of the refresh journal that began before `before`; returns how many went. */
  async forgetRefreshAttempts(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_refresh_attempts: string }>(JOURNAL, [before, limit], deadline);
    return Number(row?.forget_refresh_attempts ?? 0);
  }

  /** Forgets counts of refreshes of hours before `before`; returns how many went. */
  async forgetRefreshHours(before: Date, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_refresh_hours: string }>(HOURS, [before], deadline);
    return Number(row?.forget_refresh_hours ?? 0);
  }

  /** Forgets up to `limit` answers of relays that were kept until before `before`; returns how many went. */
  async forgetRelayedTokens(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_relayed_tokens: string }>(RELAYED, [before, limit], deadline);
    return Number(row?.forget_relayed_tokens ?? 0);
  }

  /** Forgets skill events and disablements that came before `before`, up to `limit` of each; how many of the more numerous. */
  async forgetSkillEvents(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_skill_events: string }>(SKILL_EVENTS, [before, limit], deadline);
    return Number(row?.forget_skill_events ?? 0);
  }

  /**
   * Destroys up to `limit` rows of the next closed tenant whose upstream revocations have ended, its data keys before all;
   * undefined where there is none.
   * @see ADR 0025
   */
  async destroyClosedTenant(now: Date, limit: number, deadline: Deadline): Promise<DestroyedPart | undefined> {
    const [row] = await this.database.query<DestroyedRow>(DESTROY, [now, limit], deadline);
    return row && { slug: row.slug, removed: Number(row.removed), finished: row.finished };
  }
}

const EXPIRE = { name: 'expire_pending_grants', text: 'SELECT linkbroker.expire_pending_grants($1, $2)' };
const EXPIRED = { name: 'list_expired_grants', text: 'SELECT * FROM linkbroker.list_expired_grants($1, $2)' };
const END_EXPIRED = { name: 'end_expired_grant', text: 'SELECT * FROM linkbroker.end_expired_grant($1, $2, $3)' };
const RETIRE = { name: 'retire_client_secrets', text: 'SELECT linkbroker.retire_client_secrets($1)' };
const JOURNAL = { name: 'forget_refresh_attempts', text: 'SELECT linkbroker.forget_refresh_attempts($1, $2)' };
const HOURS = { name: 'forget_refresh_hours', text: 'SELECT linkbroker.forget_refresh_hours($1)' };
const RELAYED = { name: 'forget_relayed_tokens', text: 'SELECT linkbroker.forget_relayed_tokens($1, $2)' };
const SKILL_EVENTS = { name: 'forget_skill_events', text: 'SELECT linkbroker.forget_skill_events($1, $2)' };
const FORGET = { name: 'expire_handed_out_tokens', text: 'SELECT linkbroker.expire_handed_out_tokens($1, $2)' };
const DESTROY = { name: 'destroy_closed_tenant', text: 'SELECT * FROM linkbroker.destroy_closed_tenant($1, $2)' };

interface DestroyedRow {
  readonly slug: string;
  readonly removed: string;
  readonly finished: boolean;
}
