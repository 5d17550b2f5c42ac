import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** An event that is to be sent. `sealed`: what waits in the queue; null where somebody waits for it. */
export interface OrderedAlexaEvent {
  readonly skillId: string;
  readonly linkId: string;
  readonly newId: string;
  readonly messageId: string;
  readonly sealed: Buffer | null;
  readonly leaseMs: number;
}

export interface KnownAlexaEvent {
  /** Whether this order is the one that sends or queues it. */
  readonly claimed: boolean;
  readonly id: string;
  readonly state: 'sending' | 'queued' | 'delivered' | 'refused';
  readonly status: number | null;
  readonly code: string | null;
}

/**
 * Events on their way to Alexa; each message id of a link once.
 * @throws DatabaseUnavailable when it could not look
 * @see ADR 0019
 */
export class AlexaEventsStore {
  constructor(private readonly database: Database) {}

  /** Takes the right to send an event, queues it, or tells what has become of it. */
  async begin(tenantId: TenantId, event: OrderedAlexaEvent, now: Date, deadline: Deadline): Promise<KnownAlexaEvent> {
    const { skillId, linkId, newId, messageId, sealed, leaseMs } = event;
    const [row] = await this.database.query<BegunRow>(
      BEGIN,
      [tenantId, skillId, linkId, newId, messageId, sealed, milliseconds(leaseMs), now],
      deadline,
    );
    // Neither inserted nor found: forgotten in between. Whoever asks again finds it free.
    if (!row) return { claimed: false, id: newId, state: 'sending', status: null, code: null };
    const { claimed, event_id: id, event_state: state, event_status: status, event_code: code } = row;
    return { claimed, id, state, status, code };
  }

  /** Ends an attempt; `state` null leaves the event to the next one. */
  async end(
    tenantId: TenantId,
    end: {
      readonly id: string;
      readonly state: 'delivered' | 'refused' | null;
      readonly status: number | null;
      readonly code: string | null;
      readonly nextAttemptAt: Date | null;
    },
    deadline: Deadline,
  ): Promise<void> {
    const { id, state, status, code, nextAttemptAt } = end;
    await this.database.query(END, [tenantId, id, state, status, code, nextAttemptAt], deadline);
  }

  /** Claims queued events that are due, whosever they are: of each link the earliest. */
  async claimDue(
    now: Date,
    { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
    deadline: Deadline,
  ) {
    const rows = await this.database.query<ClaimedRow>(CLAIM, [now, limit, milliseconds(leaseMs)], deadline);
    return rows.map(({ tenant_id, event_id: id, skill_id: skillId, link_id: linkId, attempts: attempt, sealed }) => ({
      ...{ tenantId: asTenantId(tenant_id), id, skillId, linkId, attempt, sealed },
    }));
  }

  /** Forgets events that were ordered before; how many. */
  async forget(before: Date, limit: number, deadline: Deadline): Promise<number> {
    const [row] = await this.database.query<{ forget_alexa_events: string }>(FORGET, [before, limit], deadline);
    return Number(row?.forget_alexa_events ?? 0);
  }
}

const milliseconds = (count: number): string => `${String(count)} milliseconds`;

const BEGIN = {
  name: 'begin_alexa_event',
  text: 'SELECT * FROM linkbroker.begin_alexa_event($1, $2, $3, $4, $5, $6, $7, $8)',
};
const END = { name: 'end_alexa_event', text: 'SELECT linkbroker.end_alexa_event($1, $2, $3, $4, $5, $6)' };
const CLAIM = {
  name: 'claim_due_alexa_events',
  text: 'SELECT * FROM linkbroker.claim_due_alexa_events($1, $2, $3)',
};
const FORGET = { name: 'forget_alexa_events', text: 'SELECT linkbroker.forget_alexa_events($1, $2)' };

interface BegunRow {
  readonly claimed: boolean;
  readonly event_id: string;
  readonly event_state: KnownAlexaEvent['state'];
  readonly event_status: number | null;
  readonly event_code: string | null;
}

interface ClaimedRow {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly skill_id: string;
  readonly link_id: string;
  readonly attempts: number;
  readonly sealed: Buffer;
}
