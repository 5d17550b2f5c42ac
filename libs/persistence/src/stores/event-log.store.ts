import type { TenantId } from '@linkbroker/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { asTenant } from './tenant-transaction.js';

export type DeliveryState = 'pending' | 'delivered' | 'dead';

/** A line of the delivery log: one event and one webhook. */
export interface LoggedDelivery {
  /** Grows with time. */
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly linkId: string | null;
  readonly skillSlug: string;
  readonly url: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Null while it waits for an earlier event of its link, and once it has ended. */
  readonly nextAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly endedAt: Date | null;
}

/** Events replayed in one transaction. */
const BATCH = 500;

/** The delivery log of a tenant, and giving events out again. @see ADR 0014 */
export class EventLogStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest deliveries first, of one state or of all; those before one. */
  list(
    tenantId: TenantId,
    state: DeliveryState | null,
    limit: number,
    before: string | null = null,
  ): Promise<LoggedDelivery[]> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      manager.query<LoggedDelivery[]>(
        `SELECT d.id, e.id AS "eventId", e.type, e.occurred_at AS "occurredAt", e.link_id AS "linkId", k.slug AS "skillSlug",
           w.url, d.state, d.attempts, d.next_attempt_at AS "nextAttemptAt", d.last_status AS "lastStatus",
           d.last_error AS "lastError", d.ended_at AS "endedAt"
         FROM linkbroker.event_deliveries d JOIN linkbroker.events e ON e.id = d.event_id
           JOIN linkbroker.webhooks w ON w.id = d.webhook_id JOIN linkbroker.skills k ON k.id = e.skill_id
         WHERE d.tenant_id = $1 AND ($2::text IS NULL OR d.state = $2) AND ($4::bigint IS NULL OR d.id < $4)
         ORDER BY d.id DESC LIMIT $3`,
        [tenantId, state, limit, before],
      ),
    );
  }

  /** Sends an event once more to every webhook that is still there and is not about to get it; to how many. */
  replay(tenantId: TenantId, eventId: string, now: Date): Promise<number> {
    return asTenant(this.dataSource, tenantId, (manager) =>
      replay(manager, tenantId, { eventId, deadOnly: false }, now),
    );
  }

  /** Sends what was given up once more, to webhooks that are still there and in its order; returns how many deliveries. */
  async replayDead(tenantId: TenantId, now: Date): Promise<number> {
    for (let count = 0; ;) {
      const more = await this.replayDeadBatch(tenantId, now);
      if (more === 0) return count;
      count += more;
    }
  }

  private replayDeadBatch(tenantId: TenantId, now: Date): Promise<number> {
    return asTenant(this.dataSource, tenantId, async (manager) => {
      // Whole links in the order of their ids, as everybody locks them.
      const dead = await manager.query<{ event_id: string }[]>(
        `SELECT d.event_id FROM linkbroker.event_deliveries d JOIN linkbroker.webhooks w ON w.id = d.webhook_id
         WHERE d.tenant_id = $1 AND d.state = 'dead' AND w.removed_at IS NULL AND w.disabled_at IS NULL
         GROUP BY d.event_id, d.link_id ORDER BY d.link_id, min(d.id) LIMIT ${String(BATCH)}`,
        [tenantId],
      );
      let count = 0;
      for (const { event_id: eventId } of dead) {
        count += await replay(manager, tenantId, { eventId, deadOnly: true }, now);
      }
      return count;
    });
  }
}

async function replay(
  manager: EntityManager,
  tenantId: TenantId,
  { eventId, deadOnly }: { eventId: string; deadOnly: boolean },
  now: Date,
): Promise<number> {
  const [row] = await manager.query<{ count: string }[]>('SELECT linkbroker.replay_event($1, $2, $3, $4) AS count', [
    tenantId,
    eventId,
    deadOnly,
    now,
  ]);
  return Number(row?.count ?? 0);
}
