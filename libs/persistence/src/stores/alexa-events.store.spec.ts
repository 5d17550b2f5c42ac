import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { AlexaEventsStore, type OrderedAlexaEvent } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let broker: AlexaEventsStore;
let worker: AlexaEventsStore;
let own: TenantFixture;
let other: TenantFixture;
const NOW = new Date('2026-11-22T12:00:00Z');
const deadline = () => performance.now() + 10_000;
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

beforeAll(async () => {
  scratch = await createScratchDatabase();
  broker = new AlexaEventsStore((await scratch.open('broker')).database);
  worker = new AlexaEventsStore((await scratch.open('worker')).database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  await scratch.sql('DELETE FROM linkbroker.alexa_events');
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});

const order = (change: Partial<OrderedAlexaEvent> = {}): OrderedAlexaEvent => ({
  ...{ skillId: own.skillId, linkId: own.linkId, newId: randomUUID(), messageId: 'm', sealed: null, leaseMs: 30_000 },
  ...change,
});
const begin = (change: Partial<OrderedAlexaEvent> = {}, now = NOW) =>
  broker.begin(own.tenantId, order(change), now, deadline());
const queue = (messageId: string, now = NOW) => begin({ messageId, sealed: Buffer.from(messageId) }, now);
const delivered = (id: string) => ({ id, state: 'delivered', status: 202, code: null, nextAttemptAt: null }) as const;
const claim = async (now = NOW, leaseMs = 30_000) =>
  (await worker.claimDue(now, { limit: 10, leaseMs }, deadline())).map(({ id, sealed, attempt }) => ({
    ...{ id, name: sealed.toString(), attempt },
  }));

test('an order that comes again hears what has become of the first', async () => {
  const first = await begin();
  expect(first).toMatchObject({ claimed: true, state: 'sending' });
  expect(await begin()).toMatchObject({ claimed: false, id: first.id, state: 'sending' });
  await broker.end(own.tenantId, delivered(first.id), deadline());
  expect(await begin()).toMatchObject({ claimed: false, state: 'delivered', status: 202 });
  expect(await queue('m')).toMatchObject({ claimed: false, state: 'delivered' });
});

test('an order whose sender died, or that brought nothing, may come again', async () => {
  const first = await begin({ leaseMs: 0 });
  expect(await begin()).toMatchObject({ claimed: true, id: first.id });
  await broker.end(own.tenantId, { ...delivered(first.id), state: null, status: 503 }, deadline());
  expect(await begin()).toMatchObject({ claimed: true });
});

test('queued events are claimed once, of a link in their order, and again where a claimer died', async () => {
  await queue('a');
  await queue('b', later(1));
  expect(await begin({ messageId: 'a' })).toMatchObject({ claimed: false, state: 'queued' });
  const [first] = await claim(later(2));
  expect(first).toMatchObject({ name: 'a', attempt: 1 });
  expect(await claim(later(2))).toEqual([]);
  const again = { ...delivered(first!.id), state: null, nextAttemptAt: later(5) };
  await worker.end(own.tenantId, again, deadline());
  expect(await claim(later(4))).toEqual([]);
  expect(await claim(later(5), 0)).toMatchObject([{ name: 'a', attempt: 2 }]);
  expect(await claim(later(5))).toMatchObject([{ name: 'a', attempt: 3 }]);
  await worker.end(own.tenantId, delivered(first!.id), deadline());
  expect(await claim(later(5))).toMatchObject([{ name: 'b', attempt: 1 }]);
  const rows = await scratch.sql('SELECT sealed FROM linkbroker.alexa_events WHERE id = $1', [first!.id]);
  expect(rows).toEqual([{ sealed: null }]);
});

test('what is old is forgotten', async () => {
  await begin();
  expect(await worker.forget(NOW, 10, deadline())).toBe(0);
  expect(await worker.forget(later(1), 10, deadline())).toBe(1);
});

test('as the wrong tenant an event is neither begun, told nor ended', async () => {
  await expect(broker.begin(other.tenantId, order(), NOW, deadline())).rejects.toThrow(/foreign key/);
  const { id } = await begin();
  await broker.end(other.tenantId, delivered(id), deadline());
  expect(await begin()).toMatchObject({ claimed: false, state: 'sending' });
});
