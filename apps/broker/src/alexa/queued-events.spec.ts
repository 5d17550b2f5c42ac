import { forgetAlexaEvents, sendQueuedEvents, type SendQueuedEventsNeeds } from '@linkbroker/linking';
import { AlexaEventsStore, EventGrantsStore } from '@linkbroker/persistence';
import { expectAccepted, startEventWorld, type EventWorld } from '../../test/event-world.js';
import type { Gateways } from '../../test/gateways.js';
import type { TestBroker } from '../../test/test-broker.js';

let world: EventWorld;
let broker: TestBroker;
let gateways: Gateways;
let needs: SendQueuedEventsNeeds;
let link: string;
let messages = 0;

beforeAll(async () => {
  world = await startEventWorld();
  ({ broker, gateways } = world);
  const { database } = await broker.database.open('worker');
  const stores = { eventGrants: new EventGrantsStore(database), alexaEvents: new AlexaEventsStore(database) };
  needs = { ...broker.broker.needs, ...stores };
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  broker.clock.set(new Date());
  await broker.database.sql('TRUNCATE linkbroker.event_grants, linkbroker.alexa_events');
  gateways.faults.length = 0;
  gateways.accepts = (token) => world.lwa.given.includes(token);
  expectAccepted(await world.accept(await world.household()));
  const [row] = await broker.database.sql<{ link_id: string }>('SELECT link_id FROM linkbroker.event_grants');
  link = row!.link_id;
  gateways.events.length = 0;
});

async function queue(messageId = `q-${String((messages += 1))}`): Promise<string> {
  const header = { namespace: 'Alexa', name: 'ChangeReport', payloadVersion: '3', messageId };
  const event = { header, endpoint: { endpointId: 'bedroom-window' }, payload: { change: {} } };
  const { status, body } = await world.hand({ link, event, async: true }, { path: 'events' });
  expect([status, body]).toEqual([202, { status: 'queued', messageId }]);
  broker.clock.advance({ ms: 1 });
  return messageId;
}
interface Row {
  readonly message_id: string;
  readonly state: string;
  readonly attempts: number;
  readonly sealed: Buffer | null;
  readonly status: number | null;
  readonly code: string | null;
}
const rows = () => broker.database.sql<Row>('SELECT * FROM linkbroker.alexa_events ORDER BY created_at');
const sent = () =>
  gateways.events.map(({ body }) => (body['event'] as { header: { messageId: string } }).header.messageId);

test('is kept sealed until it has been sent, and then not at all', async () => {
  const id = await queue();
  expect(gateways.events).toEqual([]);
  const [waiting] = await rows();
  expect(waiting).toMatchObject({ message_id: id, state: 'queued' });
  expect(waiting!.sealed!.toString('latin1')).not.toContain('bedroom-window');
  expect(await sendQueuedEvents(needs)).toBe(1);
  expect(sent()).toEqual([id]);
  expect(await rows()).toMatchObject([{ state: 'delivered', sealed: null, status: 202 }]);
  expect(await sendQueuedEvents(needs)).toBe(0);
});

test('that comes again while it waits is queued once', async () => {
  const id = await queue();
  await queue(id);
  expect(await rows()).toHaveLength(1);
});

test('goes after those that came before it, also when these have to be tried again', async () => {
  const ids = [await queue(), await queue(), await queue()];
  gateways.faults.push({ status: 503 });
  expect(await sendQueuedEvents(needs)).toBe(0);
  expect(sent()).toEqual([ids[0]]);
  expect(await sendQueuedEvents(needs)).toBe(0);
  broker.clock.advance({ seconds: 1 });
  expect(await sendQueuedEvents(needs)).toBe(3);
  expect(sent()).toEqual([ids[0], ...ids]);
});

test('is given up after three attempts, and the next one goes on', async () => {
  const [first, second] = [await queue(), await queue()];
  for (const seconds of [0, 1, 5]) {
    gateways.faults.push({ status: 500, code: 'INTERNAL_SERVICE_EXCEPTION' });
    broker.clock.advance({ seconds });
    expect(await sendQueuedEvents(needs)).toBe(seconds === 5 ? 1 : 0);
  }
  expect(sent()).toEqual([first, first, first, second]);
  expect(await rows()).toMatchObject([
    { state: 'refused', attempts: 3, sealed: null, code: 'INTERNAL_SERVICE_EXCEPTION' },
    { state: 'delivered' },
  ]);
  expect(broker.log()).toContain('alexa_event.failed');
});

test.each([
  [400, 'INVALID_REQUEST_EXCEPTION'],
  [403, 'INSUFFICIENT_PERMISSION_EXCEPTION'],
  [404, 'SKILL_NOT_FOUND_EXCEPTION'],
  [404, 'ACCOUNT_NOT_FOUND_EXCEPTION'],
  [413, 'REQUEST_ENTITY_TOO_LARGE_EXCEPTION'],
])('that is answered %s %s is given up at once', async (status, code) => {
  await queue();
  gateways.faults.push({ status, code });
  expect(await sendQueuedEvents(needs)).toBe(0);
  expect(await rows()).toMatchObject([{ state: 'refused', attempts: 1, status, code, sealed: null }]);
  expect(gateways.events).toHaveLength(1);
});

test.each([
  [429, 'THROTTLING_EXCEPTION'],
  [503, 'SERVICE_UNAVAILABLE_EXCEPTION'],
])('that is answered %s %s waits and is sent again', async (status, code) => {
  const id = await queue();
  gateways.faults.push({ status, code });
  await sendQueuedEvents(needs);
  expect(await rows()).toMatchObject([{ state: 'queued', attempts: 1, status, code }]);
  broker.clock.advance({ minutes: 5 });
  expect(await sendQueuedEvents(needs)).toBe(1);
  expect(sent()).toEqual([id, id]);
  expect(await rows()).toMatchObject([{ state: 'delivered' }]);
});

test('whose token is refused is sent with a renewed one, and one for another region goes there', async () => {
  const old = world.lwa.given.at(-2);
  gateways.accepts = (token) => token !== old && world.lwa.given.includes(token);
  const first = await queue();
  await sendQueuedEvents(needs);
  gateways.home = 'na';
  const second = await queue();
  await sendQueuedEvents(needs);
  gateways.home = 'eu';
  expect(sent()).toEqual([first, first, second, second]);
  expect(await rows()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
});

test('of a household that has disabled the skill meanwhile is given up at once', async () => {
  await queue();
  await queue();
  gateways.faults.push({ status: 403, code: 'SKILL_DISABLED_EXCEPTION' });
  expect(await sendQueuedEvents(needs)).toBe(0);
  expect(gateways.events).toHaveLength(1);
  expect(await rows()).toMatchObject([{ state: 'refused' }, { state: 'refused' }]);
});

test('is sent by one of several workers', async () => {
  await queue();
  const done = await Promise.all(Array.from({ length: 4 }, () => sendQueuedEvents(needs)));
  expect(done.reduce((sum, one) => sum + one, 0)).toBe(1);
  expect(gateways.events).toHaveLength(1);
});

test('is forgotten after a day', async () => {
  await queue();
  await sendQueuedEvents(needs);
  expect(await forgetAlexaEvents(needs)).toBe(0);
  broker.clock.advance({ hours: 25 });
  expect(await forgetAlexaEvents(needs)).toBe(1);
  expect(await rows()).toEqual([]);
});

test('nothing of it is in any log line', async () => {
  await queue();
  gateways.faults.push({ status: 400, code: 'INVALID_REQUEST_EXCEPTION' });
  await sendQueuedEvents(needs);
  expect(broker.log()).toContain('INVALID_REQUEST_EXCEPTION');
  for (const secret of ['bedroom-window', ...world.lwa.given]) expect(broker.log()).not.toContain(secret);
});
