import { planClosing } from '@linkbroker/configuration';
import { destroyClosedTenants } from '@linkbroker/linking';
import { ConfigurationStore, HousekeepingStore } from '@linkbroker/persistence';
import { exchange, refresh } from '../test/alexa.js';
import { FIRST, FIRST_BACKEND, household, startFederation, type Federation } from '../test/federation.js';

let federation: Federation;
beforeAll(async () => {
  federation = await startFederation();
}, 60_000);
afterAll(() => federation.close());
beforeEach(() => federation.startAfresh());

test('what a tenant that leaves has signed in to is revoked there, then its keys go, then all it had', async () => {
  const { broker, simulator } = federation;
  const { clock, database } = broker;
  const pair = await household(federation, 'google');
  const store = new ConfigurationStore((await database.open('admin')).dataSource);
  const housekeeping = new HousekeepingStore((await database.open('worker')).database);
  const tenantId = (await store.resolveTenant('fed'))!;
  const state = await store.read(tenantId);

  await expect(planClosing({ store }, tenantId, state, 0)).rejects.toThrow(/unlink 1 live grant/);
  const planned = await planClosing({ store }, tenantId, state, 1);
  const changes = planned.map(({ change }) => change);
  await store.write(tenantId, changes, clock.now(), { from: state });
  // A client that was asked for in the last five seconds is still known: then the verdict is about its grant.
  const answers = [await refresh(broker, FIRST, pair.refresh), await exchange(broker, FIRST_BACKEND, pair.access)];
  for (const { body } of answers) expect(body['error']).toMatch(/^invalid_(client|grant)$/);

  const destroy = () => destroyClosedTenants({ now: clock.now, housekeeping });
  clock.advance({ seconds: 3_601 });
  expect(await destroy()).toBe(0);
  expect(simulator.models.google.counters().revocations).toEqual(0);
  expect(await broker.revokeDue()).toBe(1);
  expect(simulator.models.google.counters().revocations).toEqual(1);
  expect(await destroy()).toBeGreaterThan(10);
  for (const table of ['data_keys', 'links', 'grants', 'upstream_token_sets', 'connectors'])
    expect(await database.sql(`SELECT 1 FROM linkbroker.${table} WHERE tenant_id = $1`, [tenantId])).toEqual([]);

  // The slug is free again.
  await federation.apply();
  expect(await store.resolveTenant('fed')).not.toBe(tenantId);
});
