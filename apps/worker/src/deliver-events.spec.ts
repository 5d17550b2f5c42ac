import { EVENT_TYPES, eventPayload, type EventPayload } from '@linkbroker/contracts';
import { createLogger } from '@linkbroker/telemetry';
import { eventually, noteSecret, watchedLog } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createEventWorld, type EventWorld } from '../test/event-world.js';
import { startReceiver, status, type ReceivedRequest, type Receiver } from '../test/receiver.js';
import { createWorker, readWorkerEnvironment } from './index.js';

const newSecret = (): string => noteSecret('webhook secret', `whsec_${randomBytes(32).toString('base64')}`);
const secret = newSecret();
const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

let world: EventWorld;
let receiver: Receiver;
beforeEach(async () => {
  [world, receiver] = [await createEventWorld(ago(0)), await startReceiver()];
});
afterEach(async () => {
  await receiver.close();
  await world.close();
});

/** What a request says, once the published library has verified it. */
const verified = ({ body, headers }: ReceivedRequest, by = secret): EventPayload =>
  eventPayload.parse(new Webhook(by).verify(body, headers));
const told = (by = secret) => receiver.received.map((request) => verified(request, by));
const all = (changes: object = {}) => ({ url: receiver.url, events: EVENT_TYPES, secret, ...changes });
const states = async () =>
  (await world.log.list((await world.ids()).tenantId, null, 100)).map(({ type, state }) => [type, state]);

describe('a receiver', () => {
  test('gets what happened, signed, and each event once', async () => {
    await world.apply([all()]);
    const { linkId } = await world.link('alice');
    const happened = world.clock.now();
    world.clock.advance({ seconds: 1 });
    expect(await world.deliver()).toBe(1);
    expect(await world.deliver()).toBe(0);
    expect(told()).toEqual([
      {
        type: 'link.created',
        timestamp: happened.toISOString(),
        data: { tenant: 'acme', skill: 'lights', connector: 'home', link: linkId },
      },
    ]);
    expect(receiver.received[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(await states()).toEqual([['link.created', 'delivered']]);
  });

  test('that is down for ten minutes gets every event, in order for each link', async () => {
    await world.close();
    world = await createEventWorld(ago(15));
    await world.apply([all()]);
    await receiver.answer('down');
    const expected = new Map<string, string[]>();
    const happens = (linkId: string, ...types: string[]) =>
      expected.set(linkId, [...(expected.get(linkId) ?? []), ...types]);
    const begun = world.clock.now().getTime();
    const minutes = () => (world.clock.now().getTime() - begun) / 60_000;
    const households = ['alice', 'bob', 'carol'];
    const live = await Promise.all(households.map((name) => world.link(name)));
    for (const { linkId } of live) happens(linkId, 'link.created');
    for (let step = 1; minutes() < 10; step += 1) {
      world.clock.advance({ seconds: 10 });
      expect(await world.deliver()).toBe(0);
      if (minutes() === 5) await receiver.answer(status(503));
      // At other minutes for each household: an old token comes again, the link ends, the link is made again.
      for (const [at, name] of households.entries()) {
        if (step === 7 + at) {
          await world.refresh(live[at]!, 1);
          await world.refresh(live[at]!, 1);
          happens(live[at]!.linkId, 'grant.replayed');
        }
        if (step === 20 + 9 * at) {
          await world.revoke(live[at]!);
          happens(live[at]!.linkId, 'link.revoked');
        }
        if (step === 30 + 9 * at) {
          live[at] = await world.link(name);
          happens(live[at].linkId, 'link.created');
        }
      }
    }
    expect(receiver.received.length).toBeGreaterThan(0);
    receiver.received.splice(0);
    await receiver.answer(status(200));
    while (receiver.received.length < 12 && minutes() < 25) {
      world.clock.advance({ seconds: 10 });
      await world.deliver();
    }
    const came = told();
    expect(came).toHaveLength(12);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(12);
    for (const [linkId, types] of expected) {
      expect(types).toEqual(['link.created', 'grant.replayed', 'link.revoked', 'link.created']);
      const mine = came.filter(({ data }) => data.link === linkId);
      expect(mine.map(({ type }) => type)).toEqual(types);
      expect(mine.map(({ timestamp }) => timestamp)).toEqual(mine.map(({ timestamp }) => timestamp).sort());
    }
    expect((await states()).every(([, state]) => state === 'delivered')).toBe(true);
    expect(expected.size).toBe(3);
  }, 60_000);

  test('gets the same event again, by the same id, when its answer was lost', async () => {
    await world.apply([all()]);
    await world.link('alice');
    await receiver.answer((response) => void response.destroy());
    expect(await world.deliver()).toBe(0);
    await receiver.answer(status(200));
    world.clock.advance({ seconds: 10 });
    expect(await world.deliver()).toBe(1);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
  });

  test('verifies with either secret while they are exchanged, and with the new one after', async () => {
    const next = newSecret();
    await world.apply([all({ secret: undefined, secrets: [next, secret] })]);
    await world.link('alice');
    await world.deliver();
    for (const known of [secret, next]) expect(told(known)).toHaveLength(1);
    await world.apply([all({ secret: next })]);
    await world.link('bob');
    await world.deliver();
    expect(verified(receiver.received[1]!, next).type).toBe('link.created');
    expect(() => verified(receiver.received[1]!)).toThrow('No matching signature found');
  });

  test('that says it is gone is not asked again, until the config file is applied anew', async () => {
    await world.apply([all()]);
    await world.revoke(await world.link('alice'));
    await receiver.answer(status(410));
    await world.deliver();
    await world.link('bob');
    world.clock.advance({ hours: 2 });
    await world.deliver();
    expect(receiver.received).toHaveLength(1);
    expect(await states()).toEqual([
      ['link.revoked', 'dead'],
      ['link.created', 'dead'],
    ]);
    expect(world.traces.map(({ name }) => name)).toEqual(['event.delivery_failed', 'webhook.disabled']);
    await receiver.answer(status(200));
    await world.apply([all()]);
    await world.link('carol');
    expect(await world.deliver()).toBe(1);
  });

  test('that redirects is not followed', async () => {
    const other = await startReceiver();
    try {
      await world.apply([all()]);
      await world.link('alice');
      await receiver.answer(status(307, { location: other.url }));
      await world.deliver();
      const [logged] = await world.log.list((await world.ids()).tenantId, null, 1);
      expect(logged).toMatchObject({ state: 'pending', lastStatus: 307 });
      expect(logged?.lastError).toBe('HTTP 307; redirects are not followed');
      expect(other.received).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test('that hangs holds up nobody else', async () => {
    const other = await startReceiver();
    try {
      const held: (() => void)[] = [];
      await receiver.answer((response) => void held.push(() => void response.writeHead(200).end()));
      await world.apply([all(), all({ url: other.url })]);
      await world.link('alice');
      const run = world.deliver();
      const delivered = (count: number) =>
        eventually(`${count} at the other`, (saw) => saw(other.received.length) >= count);
      await delivered(1);
      await world.link('bob');
      await delivered(2);
      expect(receiver.received.length).toBeGreaterThanOrEqual(1);
      await receiver.answer(status(200));
      for (const release of held) release();
      expect(await run).toBe(4);
    } finally {
      await other.close();
    }
  });
});

test('a webhook at a private address is refused, where nothing allows it', async () => {
  await world.close();
  world = await createEventWorld(ago(0), 'upstream:127.0.0.0/8');
  await world.apply([all()]);
  await world.link('alice');
  expect(await world.deliver()).toBe(0);
  expect(receiver.received).toEqual([]);
  const [logged] = await world.log.list((await world.ids()).tenantId, null, 1);
  expect(logged).toMatchObject({ state: 'pending', lastStatus: null });
  expect(logged?.lastError).toMatch(/^outbound request refused: .*not a public address/);
});

test('the worker delivers by itself', async () => {
  await world.apply([all()]);
  await world.link('alice');
  // A queue of its own: the other specs' workers would take its turns for their databases.
  const redis = new URL(process.env['TEST_REDIS_URL'] ?? '');
  redis.pathname = '/3';
  const env = readWorkerEnvironment({
    DATABASE_URL: world.database.urls.worker,
    REDIS_URL: redis.href,
    MASTER_KEYS: world.masterKeys,
    EGRESS_ALLOW: 'webhook:127.0.0.0/8',
  });
  const worker = await createWorker(
    env,
    createLogger({ app: 'worker', level: 'info', destination: watchedLog('worker') }),
  );
  try {
    await eventually('a delivery', () => receiver.received.length > 0, 10_000);
    expect(told().map(({ type }) => type)).toEqual(['link.created']);
  } finally {
    await worker.close();
  }
});
