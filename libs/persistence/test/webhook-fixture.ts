import type { EventType } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import type { ScratchDatabase } from '../src/testing/index.js';
import type { TenantFixture } from './tenant-fixture.js';

/** A webhook of a tenant's skill, written past every policy; its id. */
export async function createWebhook(
  { sql }: ScratchDatabase,
  { tenantId, skillId }: Pick<TenantFixture, 'tenantId' | 'skillId'>,
  events: readonly EventType[],
): Promise<string> {
  const id = randomUUID();
  await sql(
    `INSERT INTO linkbroker.webhooks (id, tenant_id, skill_id, url, events, secrets) VALUES ($1, $2, $3, $4, $5, 'sealed')`,
    [id, tenantId, skillId, `https://hooks.example/${id}`, events],
  );
  return id;
}

export interface ToldEvent {
  readonly id: string;
  readonly type: string;
  readonly link_id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly deliveries: number;
}

/** What a tenant has been told, in the order in which it was written; each with its number of deliveries. */
export function eventsOf({ sql }: ScratchDatabase, tenantId: string): Promise<ToldEvent[]> {
  return sql<ToldEvent>(
    `SELECT e.id, e.type, e.link_id, e.data, count(d.id)::integer AS deliveries
     FROM linkbroker.events e LEFT JOIN linkbroker.event_deliveries d ON d.event_id = e.id
     WHERE e.tenant_id = $1 GROUP BY e.id ORDER BY min(d.id)`,
    [tenantId],
  );
}
