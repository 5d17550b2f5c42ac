import { asTenantId } from '@linkbroker/contracts';
import { RefreshHours, TimelineStore } from '@linkbroker/persistence';
import { startAdminWorld, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const NOW = Date.now();
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString().replace('Z', '000Z');

test('says how far attempts came, how fast answers were, and what is not well', async () => {
  const [tenant, other] = [await world.tenant(), await world.tenant()];
  const idOf = async (slug: string) =>
    (await world.database.sql<{ id: string }>('SELECT id FROM linkbroker.tenants WHERE slug = $1', [slug]))[0]!.id;
  const [tenantId, otherId] = [await idOf(tenant), await idOf(other)];
  await world.link(tenant);
  await world.link(tenant, 'at_risk');
  await world.link(tenant, 'dead');
  const attempt = (reference: string, steps: readonly string[], minutes: number) =>
    steps.map((name, index) => ({ tenantId, at: before(minutes - index / 100), name, reference }));
  const linked = ['authorize.started', 'upstream.redirected', 'upstream.identified', 'code.issued'];
  const answer = (ms: number, outcome: string, minutes: number) => ({
    ...{ tenantId, at: before(minutes), name: 'token.answered', outcome, status: 200, ms },
  });
  const entries = [
    ...attempt('AAAA-0001', linked, 30),
    ...attempt('AAAA-0002', linked.slice(0, 2), 20),
    { tenantId, at: before(19), name: 'callback.refused', outcome: 'expired', reference: 'AAAA-0002' },
    ...attempt('AAAA-0003', linked, 60 * 30),
    answer(40, 'issued', 29),
    answer(4_700, 'refused', 28),
    answer(9, 'rotated', 27),
    { tenantId: otherId, at: before(5), name: 'authorize.started', reference: 'BBBB-0001' },
  ];
  const store = new TimelineStore((await world.database.open('broker')).database);
  await store.record(JSON.stringify(entries), performance.now() + 5_000);
  const { status, body } = await world.ask('GET', `/tenants/${tenant}/overview`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    funnel: { started: 2, redirected: 2, identified: 1, codes: 1, linked: 1 },
    tokenAnswers: { count: 2, p50: 40, slowest: 4_700, late: 1 },
    troubles: [{ name: 'callback.refused', outcome: 'expired', count: 1 }],
    unwell: [
      { connector: 'home', state: 'at_risk', count: 1 },
      { connector: 'home', state: 'dead', count: 1 },
    ],
    deadDeliveries: 0,
  });
  const answers = (body['answersByHour'] as { count: number; slowest: number | null }[]).filter(
    ({ count }) => count > 0,
  );
  expect(answers.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  expect(Math.max(...answers.map(({ slowest }) => slowest ?? 0))).toBe(4_700);
  const hours = body['linksByHour'] as { links: number }[];
  expect([hours.length >= 24, hours.reduce((sum, { links }) => sum + links, 0)]).toEqual([true, 1]);
  const days = await world.ask('GET', `/tenants/${tenant}/overview?hours=48`);
  expect(days.body['funnel']).toMatchObject({ started: 3, codes: 2 });
});

test('says how refreshes at providers ended, by connector and hour', async () => {
  const [tenant, other] = [await world.tenant(), await world.tenant()];
  await world.link(tenant);
  await world.link(other);
  const counted = async (slug: string, bucket: string, count: number) => {
    const [found] = await world.database.sql<{ id: string; tenant_id: string }>(
      'SELECT n.id, n.tenant_id FROM linkbroker.connectors n JOIN linkbroker.tenants t ON t.id = n.tenant_id WHERE t.slug = $1',
      [slug],
    );
    const hours = new RefreshHours((await world.database.open('worker')).database, () => new Date(NOW - 3_600_000));
    for (let turn = 0; turn < count; turn += 1)
      hours.count({ id: found!.id, tenantId: asTenantId(found!.tenant_id) }, bucket);
    await hours.flush();
  };
  await counted(tenant, 'refreshed', 5);
  await counted(tenant, 'transient', 2);
  await counted(tenant, 'refused', 1);
  await counted(other, 'dead', 9);
  const { body } = await world.ask('GET', `/tenants/${tenant}/overview`);
  expect(body['refreshes']).toEqual([{ connector: 'home', good: 5, retried: 2, lost: 1 }]);
  const byHour = body['refreshesByHour'] as { good: number; retried: number; lost: number }[];
  expect(byHour.length).toBeGreaterThanOrEqual(24);
  expect(byHour.filter(({ good }) => good > 0)).toMatchObject([{ good: 5, retried: 2, lost: 1 }]);
});
