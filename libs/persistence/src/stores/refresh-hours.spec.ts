import { asTenantId } from '@linkbroker/contracts';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { HousekeepingStore, RefreshHours } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let own: TenantFixture;
let other: TenantFixture;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});
afterAll(() => scratch.close());
afterEach(() => scratch.sql('DELETE FROM linkbroker.upstream_refresh_hours'));

const now = { at: new Date('2026-05-01T10:15:00Z') };
const open = async (role: 'broker' | 'worker') => new RefreshHours((await scratch.open(role)).database, () => now.at);
const rows = () =>
  scratch.sql<{ hour: Date; bucket: string; count: string }>(
    'SELECT hour, bucket, count FROM linkbroker.upstream_refresh_hours ORDER BY 1, 2',
  );
const connector = ({ tenantId, connectorId }: TenantFixture) => ({ id: connectorId, tenantId });

test('counts by hour and adds up what several processes have counted', async () => {
  const [broker, worker] = [await open('broker'), await open('worker')];
  for (const hours of [broker, worker]) {
    hours.count(connector(own), 'refreshed');
    hours.count(connector(own), 'refreshed');
    hours.count(connector(own), 'dead');
    hours.count(undefined, 'not_sent');
  }
  now.at = new Date('2026-05-01T11:00:00Z');
  worker.count(connector(own), 'refreshed');
  await Promise.all([broker.flush(), worker.flush()]);
  await worker.flush();
  expect(await rows()).toEqual([
    { hour: new Date('2026-05-01T10:00:00Z'), bucket: 'dead', count: '2' },
    { hour: new Date('2026-05-01T10:00:00Z'), bucket: 'refreshed', count: '4' },
    { hour: new Date('2026-05-01T11:00:00Z'), bucket: 'refreshed', count: '1' },
  ]);
});

test('what cannot be written waits and is written once', async () => {
  const { database } = await scratch.open('worker');
  let away = true;
  const query: typeof database.query = (...call) =>
    away ? Promise.reject(new Error('away')) : database.query(...call);
  const hours = new RefreshHours({ ...database, query }, () => now.at);
  hours.count(connector(own), 'refreshed');
  await expect(hours.flush()).rejects.toThrow('away');
  hours.count(connector(own), 'refreshed');
  away = false;
  await hours.flush();
  await hours.flush();
  expect((await rows()).map(({ count }) => count)).toEqual(['2']);
});

test('nobody is counted for another tenant, and a connector that is not there stops no other', async () => {
  const hours = await open('worker');
  hours.count({ id: own.connectorId, tenantId: asTenantId(other.tenantId) }, 'refreshed');
  hours.count(connector(other), 'refreshed');
  await hours.flush();
  const found = await scratch.sql('SELECT tenant_id FROM linkbroker.upstream_refresh_hours');
  expect(found).toEqual([{ tenant_id: other.tenantId }]);
});

test('old hours are forgotten', async () => {
  const hours = await open('worker');
  hours.count(connector(own), 'refreshed');
  await hours.flush();
  const store = new HousekeepingStore((await scratch.open('worker')).database);
  const before = new Date(now.at.getTime() - 3_600_000);
  expect(await store.forgetRefreshHours(before, performance.now() + 10_000)).toBe(0);
  expect(await store.forgetRefreshHours(new Date(now.at.getTime() + 1), performance.now() + 10_000)).toBe(1);
});
