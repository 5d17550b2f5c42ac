import { at, DeliveryWorld, notes } from '../../test/delivery-world.js';
import type { ClaimedDelivery } from '../index.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await DeliveryWorld.open();
});
afterAll(() => world.close());
beforeEach(() => world.startAfresh());

test('the log tells what became of each delivery, newest first', async () => {
  const { claim, end, log, own } = world;
  const webhook = await world.webhook();
  for (const note of ['a', 'b']) await world.record(own.linkId, note);
  const [claimed] = await claim(0);
  await end(claimed!, 'pending', 0, { status: 503, error: 'HTTP 503', next: at(5) });
  const [second, first] = await log.list(own.tenantId, null, 10);
  expect(first).toEqual({
    id: expect.stringMatching(/^\d+$/) as string,
    ...{ eventId: claimed!.eventId, type: 'link.created', occurredAt: at(0), linkId: own.linkId, skillSlug: 'lights' },
    ...{ url: `https://hooks.example/${webhook}`, state: 'pending', attempts: 1, nextAttemptAt: at(5) },
    ...{ lastStatus: 503, lastError: 'HTTP 503', endedAt: null },
  });
  expect(second).toMatchObject({ state: 'pending', attempts: 0, nextAttemptAt: null });
  expect(await log.list(own.tenantId, 'dead', 10)).toEqual([]);
  expect(await log.list(own.tenantId, null, 1)).toHaveLength(1);
});

test('what is asked for is given out again, or all that was given up, in its order', async () => {
  const { claim, end, log, own } = world;
  await world.webhook();
  for (const note of ['a', 'b', 'c']) await world.record(own.linkId, note);
  const ended: ClaimedDelivery[] = [];
  for (const state of ['dead', 'delivered', 'dead'] as const) {
    const [claimed] = await claim(1);
    await end(claimed!, state, 1);
    ended.push(claimed!);
  }
  expect(await log.replayDead(own.tenantId, at(2))).toBe(2);
  const order: unknown[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const [claimed, ...none] = await claim(2);
    expect([none, claimed?.attempt]).toEqual([[], 1]);
    order.push(claimed?.data['note']);
    await end(claimed!, 'delivered', 2);
  }
  expect(order).toEqual(['a', 'c']);
  expect(await log.replay(own.tenantId, ended[1]!.eventId, at(3))).toBe(1);
  expect(await log.replay(own.tenantId, ended[1]!.eventId, at(3))).toBe(0);
  expect(notes(await claim(3))).toEqual(['b']);
});

test('a webhook that is gone gets nothing more, and what was on its way is given up', async () => {
  const { claim, log, own } = world;
  const webhook = await world.webhook();
  for (const note of ['a', 'b']) await world.record(own.linkId, note);
  await world.disable(own.tenantId, webhook, 'gone', 1);
  await world.record(own.linkId, 'c', 2);
  expect(await claim(2)).toEqual([]);
  const logged = await log.list(own.tenantId, 'dead', 10);
  expect(logged.map(({ lastError, endedAt }) => [lastError, endedAt])).toEqual([
    ['gone', at(1)],
    ['gone', at(1)],
  ]);
  expect(await log.replayDead(own.tenantId, at(3))).toBe(0);
});

test('events are forgotten once they are old and nobody waits for them', async () => {
  const { claim, end, log, own } = world;
  await world.webhook();
  for (const note of ['a', 'b']) await world.record(own.linkId, note);
  const [claimed] = await claim(0);
  await end(claimed!, 'delivered', 100);
  expect(await world.prune(100)).toBe(0);
  expect(await world.prune(101)).toBe(1);
  const [left, ...none] = await log.list(own.tenantId, null, 10);
  expect([left?.state, none]).toEqual(['pending', []]);
});

test('as the wrong tenant nothing is ended, disabled, listed or given out again', async () => {
  const { claim, end, log, own } = world;
  const webhook = await world.webhook();
  await world.record(own.linkId, 'a');
  const rival = await world.tenant();
  const [claimed] = await claim(0);
  expect(await end({ ...claimed!, tenantId: rival.tenantId }, 'dead', 1)).toBe(false);
  await world.disable(rival.tenantId, webhook, 'stolen', 1);
  expect(await log.list(rival.tenantId, null, 10)).toEqual([]);
  expect(await end(claimed!, 'dead', 1)).toBe(true);
  expect(await log.replay(rival.tenantId, claimed!.eventId, at(2))).toBe(0);
  expect(await log.replayDead(rival.tenantId, at(2))).toBe(0);
  expect(await log.replayDead(own.tenantId, at(2))).toBe(1);
  expect(await claim(2)).toHaveLength(1);
});
