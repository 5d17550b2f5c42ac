import { refreshEventGrants, type RefreshEventGrantsNeeds } from '@linkbroker/linking';
import { EventGrantsStore } from '@linkbroker/persistence';
import { expectAccepted, startEventWorld, type EventWorld } from '../../test/event-world.js';
import { lwaError, type Lwa, type LwaFault } from '../../test/lwa.js';
import type { TestBroker } from '../../test/test-broker.js';

let world: EventWorld;
let broker: TestBroker;
let lwa: Lwa;
let needs: RefreshEventGrantsNeeds;

beforeAll(async () => {
  world = await startEventWorld();
  ({ broker, lwa } = world);
  const { database } = await broker.database.open('worker');
  needs = { ...broker.broker.needs, eventGrants: new EventGrantsStore(database), lwaTokenUrl: lwa.url };
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  broker.clock.set(new Date());
  lwa.faults.length = 0;
  await broker.database.sql('DELETE FROM linkbroker.event_grants');
  expectAccepted(await world.accept(await world.household()));
  lwa.forms.length = 0;
});

const row = async () => {
  const [found] = await broker.database.sql<Record<string, unknown>>('SELECT * FROM linkbroker.event_grants');
  return found!;
};
const minutesLeft = (at: unknown): number => ((at as Date).getTime() - broker.clock.now().getTime()) / 60_000;

test('tokens are renewed before they run out, and not before that', async () => {
  broker.clock.advance({ minutes: 40 });
  expect(await refreshEventGrants(needs)).toBe(0);
  broker.clock.advance({ minutes: 15 });
  expect(await refreshEventGrants(needs)).toBe(1);
  expect(Object.fromEntries(lwa.forms[0]!)).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: lwa.given.at(-1),
  });
  const found = await row();
  expect(found).toMatchObject({ version: 2, state: 'active', lease_until: null, attempt_outcome: 'stored' });
  expect(minutesLeft(found['access_expires_at'])).toBe(60);
  expect(await refreshEventGrants(needs)).toBe(0);
  broker.clock.advance({ minutes: 55 });
  expect(await refreshEventGrants(needs)).toBe(1);
  expect(broker.log()).toContain('event_grant.refreshed');
});

test('a refresh that brings no new refresh token keeps the old one', async () => {
  lwa.faults.push((serve) => {
    const { refresh_token: _, ...body } = JSON.parse(serve().body) as Record<string, unknown>;
    return { status: 200, body: JSON.stringify(body) };
  });
  for (const version of [2, 3]) {
    broker.clock.advance({ minutes: 55 });
    expect(await refreshEventGrants(needs)).toBe(1);
    expect(await row()).toMatchObject({ version });
  }
});

test('what nobody uses for a week is only looked at once a week', async () => {
  await broker.database.sql(`UPDATE linkbroker.event_grants SET last_used_at = $1`, [
    new Date(broker.clock.now().getTime() - 8 * 24 * 3_600_000),
  ]);
  broker.clock.advance({ minutes: 55 });
  expect(await refreshEventGrants(needs)).toBe(1);
  expect(minutesLeft((await row())['refresh_due_at'])).toBeGreaterThanOrEqual(7 * 24 * 60);
});

test.each<[string, LwaFault, Record<string, unknown>]>([
  ['fails', () => ({ status: 500, body: 'oops' }), { attempt_outcome: 'transient', state: 'active' }],
  ['refuses our client', () => lwaError(401, 'invalid_client'), { attempt_outcome: 'misconfigured', state: 'active' }],
  ['refuses the token', () => lwaError(400, 'invalid_grant'), { attempt_outcome: 'terminal', state: 'at_risk' }],
])('a server that %s is asked again later, with the tokens kept', async (_, fault, expected) => {
  const { sealed } = await row();
  lwa.faults.push(fault);
  broker.clock.advance({ minutes: 55 });
  expect(await refreshEventGrants(needs)).toBe(0);
  expect(await row()).toMatchObject({ ...expected, version: 1, sealed, failures: 1, lease_until: null });
  expect(await refreshEventGrants(needs)).toBe(0);
  expect(lwa.forms).toHaveLength(1);
  broker.clock.advance({ hours: 8 });
  expect(await refreshEventGrants(needs)).toBe(1);
  expect(await row()).toMatchObject({ state: 'active', version: 2, failures: 0, terminal_count: 0 });
});

test('a permission that was taken back ends the refreshes, after a second look', async () => {
  lwa.revoke(lwa.given.at(-1)!);
  for (const state of ['at_risk', 'dead']) {
    broker.clock.advance({ hours: 8 });
    expect(await refreshEventGrants(needs)).toBe(0);
    expect(await row()).toMatchObject({ state });
  }
  broker.clock.advance({ hours: 24 });
  expect(await refreshEventGrants(needs)).toBe(0);
  expect(lwa.forms).toHaveLength(2);
  expect(broker.log()).toContain('event_grant.dead');
});

test('a new AcceptGrant while a refresh is under way wins', async () => {
  broker.clock.advance({ minutes: 55 });
  const token = await world.household();
  lwa.faults.push(async (serve) => {
    expectAccepted(await world.accept(token));
    return serve();
  });
  expect(await refreshEventGrants(needs)).toBe(0);
  expect(await row()).toMatchObject({ version: 2, state: 'active' });
});
