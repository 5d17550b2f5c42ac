import { asTenantId, type RecordedEvent } from '@linkbroker/contracts';
import { RefreshHours, TimelineWriter } from '@linkbroker/persistence';
import type { ScratchDatabase } from '@linkbroker/persistence/testing';
import { randomUUID } from 'node:crypto';

const HOUR_MS = 3_600_000;

interface Ids {
  readonly tenant: string;
  readonly skill: string;
  readonly connector: string;
}

/** The last day of a tenant whom households link all day long, with a bad hour at its provider: what charts are made of. */
export async function liveThroughADay(database: ScratchDatabase, ids: Ids, links: readonly string[]): Promise<void> {
  const now = Date.now();
  const entries: RecordedEvent[] = [];
  for (let hour = 1; hour < 24; hour += 1) {
    const count = Math.round(6 + 5 * Math.sin(hour / 3));
    const common = { tenantId: ids.tenant, skillId: ids.skill };
    for (let turn = 0; turn < count; turn += 1) {
      const at = (after: number): string =>
        new Date(now - hour * HOUR_MS + turn * 90_000 + after).toISOString().replace('Z', '002Z');
      const reference = `D${String(hour).padStart(3, '0')}-${String(turn).padStart(4, '0')}`;
      const names = ['authorize.started', 'upstream.redirected', 'upstream.identified', 'code.issued'] as const;
      // One in five households gives up at the provider.
      for (const [step, name] of names.slice(0, turn % 5 === 4 ? 2 : 4).entries())
        entries.push({ ...common, name, at: at(step * 900), reference });
      if (turn % 5 === 4) continue;
      const ms = hour === 9 ? 2_900 + 80 * turn : 11 + 3 * turn;
      entries.push({ ...common, name: 'token.answered', at: at(5_000), outcome: 'issued', status: 200, ms });
    }
  }
  const writer = new TimelineWriter(database.urls.broker);
  await writer.write(JSON.stringify(entries), performance.now() + 10_000);
  await writer.close();
  await countRefreshes(database, ids, now);
  for (const [index, link] of links.entries()) await grantEvents(database, link, index === 0 ? 'dead' : 'active');
}

async function countRefreshes(database: ScratchDatabase, { tenant, connector }: Ids, now: number): Promise<void> {
  const clock = { at: new Date(now) };
  const hours = new RefreshHours((await database.open('worker')).database, () => clock.at);
  const ended = { id: connector, tenantId: asTenantId(tenant) };
  const count = (bucket: string, times: number): void => {
    for (let turn = 0; turn < times; turn += 1) hours.count(ended, bucket);
  };
  for (let hour = 0; hour < 24; hour += 1) {
    clock.at = new Date(now - hour * HOUR_MS);
    count('refreshed', hour === 9 ? 4 : 40 + (hour % 5));
    if (hour === 9) count('transient', 31);
    if (hour === 4) count('refused', 1);
  }
  await hours.flush();
}

const grantEvents = (database: ScratchDatabase, link: string, state: 'active' | 'dead') =>
  database.sql(
    `INSERT INTO linkbroker.event_grants (id, tenant_id, skill_id, link_id, state, version, fence, sealed, access_expires_at,
       last_used_at, refresh_due_at, last_error, failures, created_at, updated_at)
     SELECT $1, l.tenant_id, l.skill_id, l.id, $3, 1, 1, '\\x00', now(), now() - interval '20 minutes',
       CASE $3 WHEN 'active' THEN now() + interval '38 minutes' END, CASE $3 WHEN 'dead' THEN 'invalid_grant' END,
       CASE $3 WHEN 'dead' THEN 2 ELSE 0 END, now() - interval '3 days', now() FROM linkbroker.links l WHERE l.id = $2`,
    [randomUUID(), link, state],
  );
