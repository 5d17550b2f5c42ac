import { randomUUID } from 'node:crypto';
import { startAdminWorld, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const grantEvents = async (link: string, state: string, lastError: string | null = null): Promise<string> => {
  const id = randomUUID();
  await world.database.sql(
    `INSERT INTO linkbroker.event_grants (id, tenant_id, skill_id, link_id, state, version, fence, sealed, access_expires_at, last_error, created_at, updated_at)
     SELECT $1, l.tenant_id, l.skill_id, l.id, $3, 1, 1, CASE $3 WHEN 'pending' THEN NULL ELSE '\\x00'::bytea END, CASE $3 WHEN 'pending' THEN NULL ELSE now() END, $4, now(), now() FROM linkbroker.links l WHERE l.id = $2`,
    [id, link, state, lastError],
  );
  return id;
};
const items = ({ body }: { body: Record<string, unknown> }) => body['items'] as Record<string, unknown>[];

test('lists what AcceptGrant brought, page by page, to this tenant alone and without a token', async () => {
  const [tenant, other] = [await world.tenant(), await world.tenant()];
  const made: string[] = [];
  for (const state of ['active', 'dead', 'pending'])
    made.push(await grantEvents(await world.link(tenant), state, state === 'dead' ? 'invalid_grant' : null));
  await grantEvents(await world.link(other), 'active');
  const path = `/tenants/${tenant}/event-grants`;
  const first = await world.ask('GET', `${path}?limit=2`);
  const second = await world.ask('GET', `${path}?limit=2&cursor=${String(first.body['next'])}`);
  const all = [...items(first), ...items(second)];
  expect(all.map(({ id }) => id)).toEqual([...made].sort().reverse());
  expect([items(first).length, second.body['next']]).toEqual([2, null]);
  const dead = all.find(({ state }) => state === 'dead');
  expect(dead).toMatchObject({ skill: 'lights', lastError: 'invalid_grant', failures: 0, lastUsedAt: null });
  expect(Object.keys(dead ?? {})).not.toContain('sealed');
  expect(items(await world.ask('GET', `${path}?skill=nothing`))).toEqual([]);
  expect((await world.ask('GET', `${path}?cursor=nonsense`)).status).toBe(400);
});
