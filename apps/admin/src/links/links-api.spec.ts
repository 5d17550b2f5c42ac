import { startAdminWorld, watchAnswer, type AdminWorld } from '../../test/admin-world.js';
import { randomUUID } from 'node:crypto';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const idsOf = (body: Record<string, unknown>) => (body['items'] as { id: string }[]).map(({ id }) => id);

test('links are listed page by page, each once, and by what is wrong with them', async () => {
  const tenant = await world.tenant();
  const links = [];
  for (const state of ['active', 'active', 'at_risk', 'dead', 'active']) links.push(await world.link(tenant, state));
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const page = watchAnswer(await world.ask('GET', `/tenants/${tenant}/links?limit=2${cursor}`));
    seen.push(...idsOf(page.body));
    if (page.body['next'] === null) break;
    cursor = `&cursor=${page.body['next'] as string}`;
  }
  expect(seen).toEqual([...links].sort().reverse());
  const by = async (query: string) => idsOf((await world.ask('GET', `/tenants/${tenant}/links?${query}`)).body);
  expect(await by('state=at_risk')).toEqual([links[2]]);
  expect(await by('state=dead&skill=lights')).toEqual([links[3]]);
  expect(await by('state=failing')).toEqual([]);
  expect(await by('skill=nothing')).toEqual([]);
  expect((await world.ask('GET', `/tenants/${tenant}/links?state=well`)).status).toBe(400);
});

test('a link is told with its grants, and nothing of another tenant’s', async () => {
  const [tenant, other] = [await world.tenant(), await world.tenant()];
  const link = await world.link(tenant);
  const { body } = watchAnswer(await world.ask('GET', `/tenants/${tenant}/links/${link}`));
  expect(body).toMatchObject({
    id: link,
    skill: 'lights',
    state: 'active',
    liveGrants: 1,
    grants: [{ revokedAt: null }],
  });
  for (const path of [
    `/tenants/${other}/links/${link}`,
    `/tenants/${tenant}/links/${randomUUID()}`,
    `/tenants/${tenant}/links/x`,
  ])
    expect((await world.ask('GET', path)).status).toBe(404);
  for (const action of ['refresh', 'repair-links'])
    expect((await world.ask('POST', `/tenants/${other}/links/${link}/${action}`)).status).toBe(404);
  const revoke = await world.ask('POST', `/tenants/${other}/links/${link}/revoke`, { body: { reason: 'theft' } });
  expect(revoke.status).toBe(404);
});

test('a sign-in is made due at once, but not before its provider may be asked again', async () => {
  const tenant = await world.tenant();
  const [link, waits, dead] = [await world.link(tenant), await world.link(tenant), await world.link(tenant, 'dead')];
  const refresh = (id: string) => world.ask('POST', `/tenants/${tenant}/links/${id}/refresh`);
  const now = await refresh(link);
  expect(now.status).toBe(202);
  expect(Date.parse(String(now.body['refreshDueAt']))).toBeLessThanOrEqual(Date.now());
  await world.database.sql(
    `UPDATE linkbroker.upstream_token_sets SET retry_at = now() + interval '10 minutes' WHERE id = (SELECT token_set_id FROM linkbroker.links WHERE id = $1)`,
    [waits],
  );
  const later = await refresh(waits);
  expect(Date.parse(String(later.body['refreshDueAt']))).toBeGreaterThan(Date.now() + 500_000);
  expect((await refresh(dead)).status).toBe(409);
});

test('a repair link is signed for the household of a link that Alexa holds', async () => {
  const tenant = await world.tenant();
  const link = await world.link(tenant);
  const made = await world.ask('POST', `/tenants/${tenant}/links/${link}/repair-links`);
  expect([made.status, made.body['url']]).toEqual([
    201,
    expect.stringMatching(/^http:\/\/localhost:4000\/repair\/\S+$/),
  ]);
});

test('revoking ends every grant once, asks for the upstream’s revocation, and leaves a line of who it was', async () => {
  const tenant = await world.tenant();
  const link = await world.link(tenant);
  const revoke = () =>
    world.ask('POST', `/tenants/${tenant}/links/${link}/revoke`, { body: { reason: 'asked for by the household' } });
  expect((await revoke()).body).toEqual({ revokedGrants: 1 });
  expect((await revoke()).body).toEqual({ revokedGrants: 0 });
  const { body } = await world.ask('GET', `/tenants/${tenant}/links/${link}`);
  expect(body).toMatchObject({
    liveGrants: 0,
    grants: [{ revokeReason: 'revoked by the operator: asked for by the household' }],
  });
  expect((await world.ask('POST', `/tenants/${tenant}/links/${link}/repair-links`)).status).toBe(409);
  const audit = await world.ask('GET', `/tenants/${tenant}/audit`);
  expect(audit.body['items']).toMatchObject([
    { action: 'link.revoke', subject: link },
    { action: 'link.revoke' },
    {},
    {},
    {},
  ]);
});

test('webhooks are told of a revocation, and what they were told can be told again', async () => {
  const tenant = await world.tenant();
  const path = `/tenants/${tenant}/skills/lights`;
  const { slug: _, ...skill } = (await world.ask('GET', path)).body['skill'] as Record<string, unknown>;
  const webhooks = [{ url: 'https://hooks.example.com/alexa?key=1', events: ['link.revoked'] }];
  await world.ask('PUT', path, { body: { ...skill, webhooks } });
  const link = await world.link(tenant);
  await world.ask('POST', `/tenants/${tenant}/links/${link}/revoke`, { body: { reason: 'moved away' } });
  const { body } = watchAnswer(await world.ask('GET', `/tenants/${tenant}/deliveries`));
  const told = { type: 'link.revoked', linkId: link, url: 'https://hooks.example.com/alexa', state: 'pending' };
  expect(body['items']).toMatchObject([told]);
  expect((await world.ask('GET', `/tenants/${tenant}/deliveries?state=dead`)).body['items']).toEqual([]);
  await world.database.sql(`UPDATE linkbroker.event_deliveries SET state = 'dead', next_attempt_at = NULL`);
  const [{ eventId }] = body['items'] as [{ eventId: string }];
  expect((await world.ask('POST', `/tenants/${tenant}/events/${eventId}/replay`)).body).toEqual({ deliveries: 1 });
  await world.database.sql(`UPDATE linkbroker.event_deliveries SET state = 'dead', next_attempt_at = NULL`);
  expect((await world.ask('POST', `/tenants/${tenant}/deliveries/replay`)).body).toEqual({ deliveries: 1 });
});

test('an answer that a client has is not sent twice', async () => {
  const tenant = await world.tenant();
  const path = `/tenants/${tenant}/links`;
  const first = await world.ask('GET', path);
  const tag = String(first.headers['etag']);
  expect((await world.ask('GET', path, { headers: { 'if-none-match': tag } })).status).toBe(304);
  await world.link(tenant);
  expect((await world.ask('GET', path, { headers: { 'if-none-match': tag } })).status).toBe(200);
});
