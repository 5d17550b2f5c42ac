import { eventually } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { at, DeliveryWorld, notes, RECORD, recording } from '../../test/delivery-world.js';
import type { EventDeliveriesStore } from '../index.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await DeliveryWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.startAfresh());

/** Links of the tenant's skill, beside the one there is. */
const links = (count: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const id = randomUUID();
      const { tenantId, skillId, connectorId, tokenSetId } = world.own;
      await world.scratch.sql(
        `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id)
         VALUES ($1, $2, $3, $4, $1::uuid::text, $5)`,
        [id, tenantId, skillId, connectorId, tokenSetId],
      );
      return id;
    }),
  );

describe('deliveries of one link and webhook', () => {
  test('go one after another: the next one only when the one before has been delivered or given up', async () => {
    const { claim, record, end, own } = world;
    await world.webhook();
    for (const note of ['a', 'b', 'c']) await record(own.linkId, note);
    const [first, ...none] = await claim(0);
    expect(notes([first!, ...none])).toEqual(['a']);
    expect(await claim(1)).toEqual([]);
    expect(await end(first!, 'pending', 1, { next: at(5) })).toBe(true);
    expect(await claim(4)).toEqual([]);
    const again = await claim(5);
    expect(again).toMatchObject([{ attempt: 2, eventId: first!.eventId, type: 'link.created', occurredAt: at(0) }]);
    await record(own.linkId, 'd', 5);
    expect(await end(again[0]!, 'delivered', 6)).toBe(true);
    const second = await claim(6);
    expect(notes(second)).toEqual(['b']);
    await end(second[0]!, 'dead', 7);
    const third = await claim(7);
    await end(third[0]!, 'delivered', 8);
    expect(notes([...third, ...(await claim(8))])).toEqual(['c', 'd']);
  });

  test('do not wait for another link, another webhook, or events without a link', async () => {
    await world.webhook();
    await world.webhook();
    const [second] = await links(1);
    for (const link of [world.own.linkId, second!, null, null]) await world.record(link, 'a');
    expect(await world.claim(0)).toHaveLength(8);
  });

  test('wait for a transaction that is writing one, and follow it', async () => {
    const { claim, record, end, own } = world;
    await world.webhook();
    await record(own.linkId, 'a');
    const [first] = await claim(0);
    const writer = new pg.Client({ connectionString: world.scratch.superuserUrl });
    await writer.connect();
    await writer.query('BEGIN');
    await writer.query(RECORD, recording(own, own.linkId, 'b'));
    let settled = 0;
    const others = [end(first!, 'delivered', 1), record(own.linkId, 'c', 1)].map((work) =>
      work.then(() => (settled += 1)),
    );
    const waiting = async (): Promise<number> => {
      const [row] = await world.scratch.sql<{ count: string }>(
        `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return Number(row?.count);
    };
    await eventually('both to wait or to be done', async (saw) => saw(settled + (await waiting())) >= 2);
    await writer.query('COMMIT');
    await writer.end();
    await Promise.all(others);
    const order: unknown[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const [claimed] = await claim(1);
      order.push(claimed?.data['note']);
      if (claimed) await end(claimed, 'delivered', 1);
    }
    expect(order).toEqual(['b', 'c']);
  });

  test('come in order, each once, whatever many workers and writers do at the same time', async () => {
    const { claim, record, end, own, store, other } = world;
    await world.webhook();
    await world.webhook();
    const ids = [own.linkId, ...(await links(4))];
    const seen = new Map<string, unknown[]>();
    let left = ids.length * 6 * 2;
    const write = ids.map(async (link) => {
      for (let number = 0; number < 6; number += 1) await record(link, String(number));
    });
    const work = async (worker: EventDeliveriesStore): Promise<void> => {
      while (left > 0) {
        for (const claimed of await claim(0, 3, 2, worker)) {
          const key = `${claimed.webhookId} ${String(claimed.data['link'])}`;
          seen.set(key, [...(seen.get(key) ?? []), claimed.data['note']]);
          expect(await end(claimed, 'delivered', 0)).toBe(true);
          left -= 1;
        }
      }
    };
    await Promise.all([...write, work(store), work(other), work(store), work(other)]);
    expect(seen.size).toBe(10);
    for (const order of seen.values()) expect(order).toEqual(['0', '1', '2', '3', '4', '5']);
  }, 30_000);
});

test('a claim whose owner died runs out, and its late end changes nothing', async () => {
  const { claim, end, own } = world;
  await world.webhook();
  await world.record(own.linkId, 'a');
  const [lost] = await claim(0);
  expect(await claim(59)).toEqual([]);
  const [taken] = await claim(60, 100, 100, world.other);
  expect(taken).toMatchObject({ id: lost!.id, attempt: 2 });
  expect(await end(lost!, 'dead', 61)).toBe(false);
  expect(await end(taken!, 'delivered', 62)).toBe(true);
  expect(await end(taken!, 'delivered', 62)).toBe(false);
});

test('a webhook with a thousand waiting does not keep the others waiting', async () => {
  await world.webhook();
  await world.scratch.sql(
    `SELECT linkbroker.record_event($1, $2, $3, NULL, 'link.created', '{}', $4) FROM generate_series(1, 1000)`,
    [world.own.tenantId, world.own.skillId, world.own.connectorId, at(0)],
  );
  const rival = await world.tenant();
  await world.webhook(rival);
  await world.record(rival.linkId, 'rival', 30, rival);
  const claimed = await world.claim(30, 3, 3);
  expect(claimed).toHaveLength(3);
  expect(notes(claimed)).toContain('rival');
});

test('a receiver that is unwell five times in a row is left alone, longer each time, and then tried with one event', async () => {
  const { claim, end } = world;
  const webhook = await world.webhook();
  for (let number = 0; number < 6; number += 1) await world.record(null, 'a');
  const [first, ...four] = (await claim(0)).slice(0, 5);
  for (const claimed of four) await end(claimed, 'pending', 0, { next: at(0) });
  expect(await claim(0, 1)).toHaveLength(1);
  await end(first!, 'pending', 0, { next: at(0) });
  expect(await claim(1)).toEqual([]);
  const [probe, ...none] = await claim(2);
  expect(none).toEqual([]);
  await end(probe!, 'pending', 2, { next: at(2) });
  expect(await claim(5)).toEqual([]);
  const [again] = await claim(6);
  await end(again!, 'delivered', 7);
  expect((await claim(7)).length).toBeGreaterThan(1);
  const [row] = await world.scratch.sql('SELECT failures, paused_until FROM linkbroker.webhooks WHERE id = $1', [
    webhook,
  ]);
  expect(row).toEqual({ failures: 0, paused_until: null });
});
