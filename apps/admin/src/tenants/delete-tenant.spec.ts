import { FixedClock, noteSecret } from '@linkbroker/testing';
import { startAdminWorld, type AdminWorld as AskedWorld } from '../../test/admin-world.js';
import { useAdmin } from '../../test/use-admin.js';
import { newAccount, useTenants } from '../../test/use-tenants.js';

describe('a tenant with households', () => {
  let world: AskedWorld;
  beforeAll(async () => {
    world = await startAdminWorld();
  }, 60_000);
  afterAll(() => world.close());

  test('is deleted by whoever names how many they are', async () => {
    const { ask, database } = world;
    const tenant = await world.tenant();
    for (let link = 0; link < 2; link += 1) await world.link(tenant);
    const refused = await ask('DELETE', `/tenants/${tenant}?liveGrants=1`);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('this would unlink 2 live grant(s)');
    expect((await ask('GET', `/tenants/${tenant}`)).status).toBe(200);

    const deleted = await ask('DELETE', `/tenants/${tenant}?liveGrants=2`);
    expect([deleted.status, deleted.body]).toEqual([
      202,
      { changes: ['- skill lights', '- connector home', '- the tenant'] },
    ]);
    const live = await database.sql(
      `SELECT 1 FROM linkbroker.grants g JOIN linkbroker.tenants t ON t.id = g.tenant_id WHERE t.slug = $1 AND g.revoked_at IS NULL`,
      [tenant],
    );
    expect(live).toEqual([]);
    expect(await database.sql('SELECT linkbroker.resolve_client($1) AS client', [`alexa-${tenant}`])).toEqual([
      { client: null },
    ]);
    for (const path of ['', '/skills', '/links', '/config'])
      expect((await ask('GET', `/tenants/${tenant}${path}`)).status).toBe(404);
    expect((await ask('DELETE', `/tenants/${tenant}`)).status).toBe(404);
    const { body } = await ask('GET', '/tenants?limit=100');
    const listed = (body['items'] as { slug: string; closedAt: string | null }[]).find(({ slug }) => slug === tenant);
    expect(Date.parse(listed?.closedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  test('keeps its slug until nothing is left of it', async () => {
    const { ask } = world;
    const tenant = await world.tenant();
    await ask('DELETE', `/tenants/${tenant}`);
    const again = await ask('POST', '/tenants', { body: { slug: tenant, name: 'Again' } });
    expect([again.status, again.body['detail']]).toEqual([
      409,
      `There is a tenant ${tenant} already, or one that is being deleted.`,
    ]);
  });

  test('takes its API keys, invitations and sign-in providers with it', async () => {
    const { ask } = world;
    const tenant = await world.tenant();
    const post = (what: string, body: object) => ask('POST', `/tenants/${tenant}/${what}`, { body });
    const made = await post('api-keys', { name: 'CI', permissions: ['tenant.read'], expiresInDays: 1 });
    const bearer = noteSecret('API key', String(made.body['key']));
    const invited = await post('invitations', { role: 'owner', label: 'Bob' });
    const token = noteSecret('invitation', new URL(String(invited.body['url'])).hash.replace('#token=', ''));
    const provider = {
      slug: `p-${tenant}`,
      name: 'Staff',
      issuer: 'https://id.example',
      clientId: 'c',
      clientSecret: 's',
    };
    expect((await post('sign-in-providers', provider)).status).toBe(201);
    const beginSignIn = async () =>
      (await ask('POST', `/session/providers/${provider.slug}`, { body: {}, bearer: null })).status;
    expect((await ask('GET', `/tenants/${tenant}`, { bearer })).status).toBe(200);
    expect(await beginSignIn()).not.toBe(404);
    await ask('DELETE', `/tenants/${tenant}`);
    expect((await ask('GET', `/tenants/${tenant}`, { bearer })).status).toBe(401);
    const body = { token, account: newAccount() };
    expect((await ask('POST', '/invitations/accept', { body, bearer: null })).status).toBe(404);
    expect(await beginSignIn()).toBe(404);
  });
});

describe('who may delete a tenant', () => {
  const clock = new FixedClock('2026-11-22T12:00:00Z');
  const world = useAdmin(clock);
  const { newTenant, member } = useTenants(world);

  test('is an operator who has just proved who it is; members are shown the door', async () => {
    const tenant = await newTenant();
    const owner = await member(tenant, 'owner');
    expect((await owner.send('DELETE', `/tenants/${tenant}`)).status).toBe(403);
    const { client } = await world.operator();
    clock.advance({ minutes: 16 });
    const stale = await client.send<{ title: string }>('DELETE', `/tenants/${tenant}`);
    expect([stale.status, stale.body.title]).toEqual([403, 'Proof is too old']);
    clock.advance({ minutes: -16 });
    expect((await client.send('DELETE', `/tenants/${tenant}`)).status).toBe(202);
    expect((await owner.session()).body.tenants).toEqual([]);
    expect((await owner.send('GET', `/tenants/${tenant}`)).status).toBe(404);
    const { body } = await client.send<{ items: { action: string; subject: string; actor: { label: string } }[] }>(
      'GET',
      '/audit',
    );
    expect(body.items[0]).toMatchObject({ action: 'tenant.delete', subject: tenant, actor: { label: 'Ada' } });
  });
});
