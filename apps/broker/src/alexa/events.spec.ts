import { linked, post, type Answer } from '../../test/alexa.js';
import { expectAccepted, startEventWorld, type EventWorld } from '../../test/event-world.js';
import type { Gateways } from '../../test/gateways.js';
import type { Lwa } from '../../test/lwa.js';
import { ALEXA, type TestBroker } from '../../test/test-broker.js';

let world: EventWorld;
let broker: TestBroker;
let lwa: Lwa;
let gateways: Gateways;
let link: string;
let messages = 0;

beforeAll(async () => {
  world = await startEventWorld();
  ({ broker, lwa, gateways } = world);
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  broker.clock.set(new Date());
  await broker.database.sql('TRUNCATE linkbroker.event_grants, linkbroker.alexa_events');
  gateways.home = 'eu';
  gateways.accepts = (token) => lwa.given.includes(token);
  gateways.faults.length = 0;
  expectAccepted(await world.accept(await world.household()));
  const [row] = await broker.database.sql<{ link_id: string }>('SELECT link_id FROM linkbroker.event_grants');
  link = row!.link_id;
  gateways.events.length = 0;
  lwa.forms.length = 0;
});

const header = (messageId: string) => ({ namespace: 'Alexa', name: 'ChangeReport', payloadVersion: '3', messageId });
const newEvent = () => ({
  header: header(`m-${String((messages += 1))}`),
  endpoint: { endpointId: 'front-door-lamp' },
  payload: { change: { cause: { type: 'PHYSICAL_INTERACTION' }, properties: [] } },
});
const send = (event: object = newEvent(), more: object = {}): Promise<Answer> =>
  world.hand({ link, event, ...more }, { path: 'events' });
const told = ({ status, body }: Answer) => [status, body['status'] ?? body['error']];
const DELIVERED = [200, 'delivered'];
const regions = () => gateways.events.map(({ region }) => region);
const grant = async () => {
  const [row] = await broker.database.sql<Record<string, unknown>>('SELECT * FROM linkbroker.event_grants');
  return row!;
};

describe('an event', () => {
  test('is delivered to the gateway of its household, with the token filled in', async () => {
    const event = newEvent();
    const answer = await send(event, { context: { properties: [{ name: 'powerState' }] } });
    expect([answer.status, answer.body]).toEqual([200, { status: 'delivered', messageId: event.header.messageId }]);
    const token = lwa.given.at(-2)!;
    expect(gateways.events).toEqual([
      {
        ...{ region: 'eu', token, at: expect.any(Number) as number },
        body: {
          context: { properties: [{ name: 'powerState' }] },
          event: { ...event, endpoint: { ...event.endpoint, scope: { type: 'BearerToken', token } } },
        },
      },
    ]);
    expect(lwa.forms).toEqual([]);
  });

  test('that comes again is told what became of it, and not sent again', async () => {
    const event = newEvent();
    expect(told(await send(event))).toEqual(DELIVERED);
    expect(told(await send(event))).toEqual(DELIVERED);
    expect(told(await send(event, { async: true }))).toEqual(DELIVERED);
    expect(gateways.events).toHaveLength(1);
  });

  test('that comes five times at once is sent once', async () => {
    const event = newEvent();
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(event)));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
    expect(gateways.events).toHaveLength(1);
    expect(told(await send(event))).toEqual(DELIVERED);
  });
});

describe('a token', () => {
  test('that has run out is renewed first', async () => {
    broker.clock.advance({ hours: 2 });
    const old = lwa.given.at(-2);
    expect(told(await send())).toEqual(DELIVERED);
    expect(lwa.forms.map((form) => form.get('grant_type'))).toEqual(['refresh_token']);
    expect(gateways.events.map(({ token }) => token)).toEqual([lwa.given.at(-2)]);
    expect(lwa.given.at(-2)).not.toBe(old);
  });

  test('that is refused is renewed once, and the event sent once more', async () => {
    const old = lwa.given.at(-2);
    gateways.accepts = (token) => token !== old;
    expect(told(await send())).toEqual(DELIVERED);
    expect(lwa.forms).toHaveLength(1);
    expect(regions()).toEqual(['eu', 'eu']);
  });

  test('that is renewed for ten events at once is renewed once', async () => {
    broker.clock.advance({ hours: 2 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send()));
    expect(answers.map(told)).toEqual(Array.from({ length: 10 }, () => DELIVERED));
    expect(lwa.forms).toHaveLength(1);
  });

  test('that nobody takes is told, after one renewal and a look in the other regions', async () => {
    gateways.accepts = () => false;
    const answer = await send();
    expect([answer.status, answer.body]).toMatchObject([
      422,
      { error: 'event_refused', gateway_code: 'INVALID_ACCESS_TOKEN_EXCEPTION', gateway_status: 401 },
    ]);
    expect(lwa.forms).toHaveLength(1);
    expect(regions()).toEqual(['eu', 'eu', 'na', 'fe']);
  });
});

describe('a household', () => {
  test('in another region is found there, and the next event goes there at once', async () => {
    gateways.home = 'fe';
    expect(told(await send())).toEqual(DELIVERED);
    expect(regions()).toEqual(['eu', 'na', 'fe']);
    expect(await grant()).toMatchObject({ region: 'fe' });
    gateways.events.length = 0;
    expect(told(await send())).toEqual(DELIVERED);
    expect(regions()).toEqual(['fe']);
    expect(broker.log()).toContain('event_grant.moved');
  });

  test('that no region knows is looked for in all of them, and keeps its tokens: it may be known later', async () => {
    gateways.home = 'nowhere' as never;
    expect(told(await send())).toEqual([503, 'temporarily_unavailable']);
    expect([...new Set(regions())]).toEqual(['eu', 'na', 'fe']);
    expect(await grant()).toMatchObject({ state: 'active' });
    gateways.home = 'eu';
    expect(told(await send())).toEqual(DELIVERED);
  });

  test('that has disabled the skill loses its tokens, and gets nothing more', async () => {
    gateways.faults.push({ status: 403, code: 'SKILL_DISABLED_EXCEPTION' });
    expect(told(await send())).toEqual([409, 'skill_disabled']);
    expect(await grant()).toMatchObject({ state: 'ended', sealed: null, refresh_due_at: null });
    expect(told(await send())).toEqual([409, 'no_event_grant']);
    expect(gateways.events).toHaveLength(1);
    expectAccepted(await world.accept(await world.household()));
    expect(told(await send())).toEqual(DELIVERED);
  });

  test('that has unlinked gets nothing more', async () => {
    const { refresh } = await linked(broker, ALEXA);
    await post(broker, '/oauth/revoke', {
      token: refresh,
      client_id: ALEXA.clientId,
      client_secret: ALEXA.clientSecret,
    });
    await broker.database.sql('UPDATE linkbroker.grants SET revoked_at = now() WHERE link_id = $1', [link]);
    expect(told(await send())).toEqual([409, 'no_event_grant']);
    expect(gateways.events).toEqual([]);
  });
});

describe('a gateway', () => {
  test('in trouble is asked three times, a second apart', async () => {
    gateways.faults.push({ status: 429, code: 'THROTTLING_EXCEPTION' }, { status: 503 });
    expect(told(await send())).toEqual(DELIVERED);
    const [first, second, third] = gateways.events.map(({ at }) => at);
    expect(second! - first!).toBeGreaterThanOrEqual(990);
    expect(third! - second!).toBeGreaterThanOrEqual(990);
  });

  test.each([
    [429, 'THROTTLING_EXCEPTION'],
    [500, 'INTERNAL_SERVICE_EXCEPTION'],
    [503, 'SERVICE_UNAVAILABLE_EXCEPTION'],
  ])('that answers %s %s is asked again after a second', async (status, code) => {
    gateways.faults.push({ status, code });
    expect(told(await send())).toEqual(DELIVERED);
    const [first, second] = gateways.events.map(({ at }) => at);
    expect([regions(), second! - first! >= 990]).toEqual([['eu', 'eu'], true]);
    expect(await grant()).toMatchObject({ state: 'active' });
  });

  test('that stays in trouble is 503, and the same event can be ordered again', async () => {
    gateways.faults.push({ status: 500 }, { status: 500 }, { status: 500 });
    const event = newEvent();
    const answer = await send(event);
    expect(told(answer)).toEqual([503, 'temporarily_unavailable']);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(gateways.events).toHaveLength(3);
    expect(told(await send(event))).toEqual(DELIVERED);
  });

  test.each([
    [400, 'INVALID_REQUEST_EXCEPTION'],
    [403, 'INSUFFICIENT_PERMISSION_EXCEPTION'],
    [404, 'SKILL_NOT_FOUND_EXCEPTION'],
    [404, 'ACCOUNT_NOT_FOUND_EXCEPTION'],
    [413, 'REQUEST_ENTITY_TOO_LARGE_EXCEPTION'],
  ])('that answers %s %s is not asked again', async (status, code) => {
    gateways.faults.push({ status, code });
    const event = newEvent();
    for (const answer of [await send(event), await send(event)]) {
      expect([answer.status, answer.body]).toMatchObject([
        422,
        { error: 'event_refused', gateway_status: status, gateway_code: code },
      ]);
    }
    expect(gateways.events).toHaveLength(1);
    expect(told(await send())).toEqual(DELIVERED);
  });
});

describe('who asks, and what', () => {
  test("another skill's link is as if it were not there", async () => {
    const client = { clientId: 'through-backend', clientSecret: 'through-backend-secret' };
    const body = { link, event: newEvent() };
    const foreign = await world.hand(body, { client, skill: 'alexa-through', path: 'events' });
    const unknown = await send(newEvent(), { link: '0197a0c0-0000-7000-8000-000000000001' });
    expect(foreign.body).toEqual(unknown.body);
    expect(told(foreign)).toEqual([409, 'no_event_grant']);
  });

  test("only the skill's backend client may", async () => {
    expect((await world.hand({ link, event: newEvent() }, { path: 'events', client: ALEXA })).status).toBe(401);
  });

  test.each([
    ['no link', { link: undefined }, /link/],
    ['a header without an id', { event: { header: {}, payload: {} } }, /event\.header/],
    [
      'too many endpoints',
      { event: { ...newEvent(), payload: { endpoints: Array(301).fill({}) } } },
      /payload\.endpoints/,
    ],
    ['a key that is unknown', { token: 'x' }, /no event/],
  ])('a body with %s is 400 and says where', async (_, change, where) => {
    const { status, body } = await send(newEvent(), change);
    expect([status, body['error']]).toEqual([400, 'invalid_request']);
    expect(body['error_description']).toMatch(where);
    expect(gateways.events).toEqual([]);
  });

  test('a report of 300 endpoints fits', async () => {
    const endpoint = { endpointId: 'x'.repeat(50), description: 'y'.repeat(400) };
    const payload = { endpoints: Array(300).fill(endpoint) };
    const report = {
      header: { ...header('report-1'), namespace: 'Alexa.Discovery', name: 'AddOrUpdateReport' },
      payload,
    };
    expect(told(await send(report))).toEqual(DELIVERED);
    expect(gateways.events[0]!.body).toMatchObject({ event: { payload: { scope: { type: 'BearerToken' } } } });
  });
});
