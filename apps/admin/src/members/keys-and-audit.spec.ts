import { PERMISSIONS, ROLE_PERMISSIONS } from '@linkbroker/contracts';
import { FixedClock, noteSecret } from '@linkbroker/testing';
import type { ConsoleClient } from '../../test/console-client.js';
import { useAdmin } from '../../test/use-admin.js';
import { useTenants } from '../../test/use-tenants.js';

const clock = new FixedClock('2026-11-22T12:00:00Z');
const world = useAdmin(clock);
const { browser, sql } = world;
const { root, newTenant, invitation, member } = useTenants(world);
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('an API key', () => {
  const create = async (client: ConsoleClient, tenant: string, wanted: object) => {
    const made = await client.send<{ id: string; key: string }>('POST', `/tenants/${tenant}/api-keys`, wanted);
    if (made.status === 201) noteSecret('API key', made.body.key);
    return made;
  };

  test('opens what it was made for in its tenant, until it is revoked or runs out', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const owner = await member(tenant, 'owner');
    const wanted = { name: 'CI', permissions: ['members.read', 'members.read'], expiresInDays: 2 };
    const { body } = await create(owner, tenant, wanted);
    expect(body.key).toMatch(/^lbk_[\w-]{43}$/);
    const use = (path: string) => browser().send('GET', path, undefined, bearer(body.key));
    expect((await use(`/tenants/${tenant}/members`)).status).toBe(200);
    expect((await use(`/tenants/${tenant}/audit`)).status).toBe(403);
    expect((await use(`/tenants/${other}/members`)).status).toBe(404);
    expect((await use('/sessions')).status).toBe(403);
    const listed = await owner.send<{ items: object[] }>('GET', `/tenants/${tenant}/api-keys`);
    expect(listed.body.items).toMatchObject([
      { name: 'CI', permissions: ['members.read'], lastUsedAt: clock.now().toISOString() },
    ]);
    expect(JSON.stringify(listed.body)).not.toContain(body.key);
    const second = await create(owner, tenant, wanted);
    expect((await owner.send('DELETE', `/tenants/${tenant}/api-keys/${body.id}`)).status).toBe(204);
    expect((await use(`/tenants/${tenant}/members`)).status).toBe(401);
    clock.advance({ days: 2 });
    const late = await browser().send('GET', `/tenants/${tenant}/members`, undefined, bearer(second.body.key));
    expect(late.status).toBe(401);
  });

  test('gives no more than it holds, neither by a key nor by an invitation', async () => {
    const tenant = await newTenant();
    const owner = await member(tenant, 'owner');
    const permissions = ['members.read', 'members.write', 'api-keys.write'];
    const { key } = (await create(owner, tenant, { name: 'CI', permissions })).body;
    const use = (path: string, body: object) => browser().send('POST', `/tenants/${tenant}${path}`, body, bearer(key));
    expect((await use('/invitations', { role: 'viewer', label: 'x' })).status).toBe(403);
    expect((await use('/api-keys', { name: 'x', permissions: ['links.read'] })).status).toBe(403);
    const patched = await browser().send(
      'PATCH',
      `/tenants/${tenant}/members/${owner.accountId}`,
      { role: 'viewer' },
      bearer(key),
    );
    expect(patched.status).toBe(403);
    const given = await use('/api-keys', { name: 'x', permissions: ['members.read'] });
    expect(given.status).toBe(201);
    // Nor for longer.
    const longer = await use('/api-keys', { name: 'x', permissions: ['members.read'], expiresInDays: 300 });
    const { items } = (
      await owner.send<{ items: { id: string; expiresAt: string }[] }>('GET', `/tenants/${tenant}/api-keys`)
    ).body;
    expect(new Set(items.map(({ expiresAt }) => expiresAt)).size).toBe(1);
    expect(longer.status).toBe(201);
    noteSecret('API key', (given.body as { key: string }).key);
  });

  test.each([
    [{ name: 'x', permissions: [] }],
    [{ name: 'x', permissions: ['everything'] }],
    [{ name: '', permissions: ['tenant.read'] }],
    [{ name: 'x', permissions: ['tenant.read'], expiresInDays: 401 }],
    [{ name: 'x', permissions: ['tenant.read'], more: true }],
  ])('is not made of %j', async (wanted) => {
    const tenant = await newTenant();
    expect((await root('POST', `/tenants/${tenant}/api-keys`, wanted)).status).toBe(400);
  });
});

test('the audit log is read by pages, and verified', async () => {
  const tenant = await newTenant();
  for (let count = 0; count < 5; count += 1) await invitation(tenant, 'viewer');
  const seen: number[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/tenants/${tenant}/audit?limit=2${cursor && `&cursor=${cursor}`}`;
    const page = await root<{ items: { seq: number }[]; next: string | null }>('GET', path);
    seen.push(...page.body.items.map(({ seq }) => seq));
    cursor = page.body.next;
  }
  expect(seen).toEqual([5, 4, 3, 2, 1]);
  expect((await root('GET', `/tenants/${tenant}/audit?cursor=x`)).status).toBe(400);
  expect((await root('POST', '/audit/verify', { tenant })).body).toMatchObject({
    entries: 5,
    brokenAt: null,
    head: { seq: 5 },
  });
  expect((await root('POST', '/audit/verify', {})).body).toMatchObject({ brokenAt: null });
  expect((await root('POST', '/audit/verify', { tenant: 'nobody' })).status).toBe(404);
  await sql(
    `UPDATE linkbroker.audit_log SET subject = 'x' WHERE seq = 3 AND tenant_id = (SELECT id FROM linkbroker.tenants WHERE slug = $1)`,
    [tenant],
  );
  expect((await root('POST', '/audit/verify', { tenant })).body).toMatchObject({ brokenAt: 3 });
});

test('every role holds less than the one above it', () => {
  const { owner, developer, support, viewer } = ROLE_PERMISSIONS;
  expect(owner).toEqual(PERMISSIONS);
  for (const [more, less] of [
    [owner, developer],
    [developer, support],
    [support, viewer],
  ] as const) {
    expect(less.filter((permission) => !more.includes(permission))).toEqual([]);
    expect(less.length).toBeLessThan(more.length);
  }
});
