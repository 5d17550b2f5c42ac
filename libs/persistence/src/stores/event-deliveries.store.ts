import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** An event on its way to one webhook, claimed for one attempt. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly webhookId: string;
  readonly url: string;
  /** The webhook's signing secrets, still sealed. */
  readonly secrets: Buffer;
  /** This attempt's number, from 1. */
  readonly attempt: number;
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How an attempt ends: delivered, given up, or to be tried again at `next`. */
export interface DeliveryEnd {
  readonly id: string;
  readonly attempt: number;
  readonly state: 'delivered' | 'dead' | 'pending';
  /** HTTP status of the answer; null when there was none. */
  readonly status: number | null;
  readonly error: string | null;
  readonly tookMs: number;
  readonly next: Date | null;
  /** Whether the receiver is unwell; after five times in a row it is left alone for a while. */
  readonly sick: boolean;
}

/**
 * Events on their way to webhooks, as the worker sees them.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0014
 */
export class EventDeliveriesStore {
  constructor(private readonly database: Database) {}

  /**
   * Claims deliveries that are due until `leaseUntil`: each webhook's first before anyone's second, and of each link and
   * webhook only the earliest that has not ended.
   */
  async claimDue(
    now: Date,
    claim: { leaseUntil: Date; limit: number; perWebhook: number },
    deadline: Deadline,
  ): Promise<ClaimedDelivery[]> {
    const values = [now, claim.leaseUntil, claim.limit, claim.perWebhook];
    const rows = await this.database.query<ClaimedRow>(CLAIM, values, deadline);
    return rows.map((row) => ({
      id: row.id,
      tenantId: asTenantId(row.tenant_id),
      webhookId: row.webhook_id,
      url: row.url,
      secrets: row.secrets,
      attempt: row.attempt,
      eventId: row.event_id,
      type: row.type,
      occurredAt: row.occurred_at,
      data: row.data,
    }));
  }

  /** Ends an attempt; what has ended lets the link's next event go. False: the delivery is in another attempt by now. */
  async finish(tenantId: TenantId, end: DeliveryEnd, now: Date, deadline: Deadline): Promise<boolean> {
    const values = [
      ...[tenantId, end.id, end.attempt, end.state, end.status, end.error, Math.round(end.tookMs)],
      ...[end.next, end.sick, now],
    ];
    const [row] = await this.database.query<{ finish_event_delivery: boolean }>(FINISH, values, deadline);
    return row?.finish_event_delivery ?? false;
  }

  /** Sends nothing more to a webhook; what was on its way is given up for `reason`. */
  async disableWebhook(
    tenantId: TenantId,
    webhook: { id: string; reason: string },
    now: Date,
    deadline: Deadline,
  ): Promise<void> {
    await this.database.query(DISABLE, [tenantId, webhook.id, webhook.reason, now], deadline);
  }

  /** Forgets up to `limit` events from before `before` that nobody waits for; returns how many went. */
  async prune(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ prune_events: string }>(PRUNE, [before, limit], deadline);
    return Number(row?.prune_events ?? 0);
  }
}

const CLAIM = {
  name: 'claim_event_deliveries',
  text: 'SELECT * FROM linkbroker.claim_event_deliveries($1, $2, $3, $4)',
};
const FINISH = {
  name: 'finish_event_delivery',
  text: 'SELECT linkbroker.finish_event_delivery($1, $2, $3, $4, $5::smallint, $6, $7, $8, $9, $10)',
};
const DISABLE = { name: 'disable_webhook', text: 'SELECT linkbroker.disable_webhook($1, $2, $3, $4)' };
const PRUNE = { name: 'prune_events', text: 'SELECT linkbroker.prune_events($1, $2)' };

interface ClaimedRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly webhook_id: string;
  readonly url: string;
  readonly secrets: Buffer;
  readonly attempt: number;
  readonly event_id: string;
  readonly type: string;
  readonly occurred_at: Date;
  readonly data: Record<string, unknown>;
}
