import { FixedClock } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { PASSWORD, useAdmin } from '../../test/use-admin.js';
import { newAccount, useTenants } from '../../test/use-tenants.js';

const clock = new FixedClock('2026-11-22T12:00:00Z');
const world = useAdmin(clock);
const { browser } = world;
const { root, newTenant, invitation, member } = useTenants(world);
const PROVIDER = {
  slug: 'staff',
  name: 'Staff',
  issuer: 'https://id.example',
  clientId: 'c',
  clientSecret: 'provider-secret',
};

describe('an invitation', () => {
  test('makes a member of who brings it, once, for a week', async () => {
    const tenant = await newTenant();
    const [used, late, revoked] = [
      await invitation(tenant, 'owner'),
      await invitation(tenant, 'owner'),
      await invitation(tenant, 'owner'),
    ];
    expect((await browser().send('POST', '/invitations/accept', { token: used, account: newAccount() })).status).toBe(
      200,
    );
    expect((await browser().send('POST', '/invitations/accept', { token: used, account: newAccount() })).status).toBe(
      404,
    );
    const { body } = await root<{ items: { id: string }[] }>('GET', `/tenants/${tenant}/invitations`);
    expect(body.items).toHaveLength(2);
    for (const { id } of body.items.slice(0, 1))
      expect((await root('DELETE', `/tenants/${tenant}/invitations/${id}`)).status).toBe(204);
    clock.advance({ days: 7 });
    for (const token of [late, revoked, 'guessed'])
      expect((await browser().send('POST', '/invitations/accept', { token, account: newAccount() })).status).toBe(404);
  });

  test('is accepted by who is signed in, without a second account', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const client = await member(tenant, 'viewer');
    const token = await invitation(other, 'support');
    expect((await client.send('POST', '/invitations/accept', { token, account: newAccount() })).status).toBe(409);
    expect((await client.send('POST', '/invitations/accept', { token })).body).toEqual({
      tenant: other,
      role: 'support',
    });
    expect((await client.session()).body.tenants.map(({ slug }) => slug).sort()).toEqual([tenant, other].sort());
    const again = await invitation(other, 'owner');
    expect((await client.send('POST', '/invitations/accept', { token: again })).status).toBe(409);
  });

  test('wants somebody: neither nobody nor a login that is taken', async () => {
    const tenant = await newTenant();
    const client = await member(tenant, 'viewer');
    const login = (await client.session()).body.account?.login ?? '';
    const token = await invitation(tenant, 'viewer');
    expect((await browser().send('POST', '/invitations/accept', { token })).status).toBe(401);
    const taken = await browser().send('POST', '/invitations/accept', { token, account: { ...newAccount(), login } });
    expect(taken.status).toBe(409);
    expect((await browser().send('POST', '/invitations/accept', { token, account: newAccount() })).status).toBe(200);
  });

  test('is taken by one of two who accept at once', async () => {
    const token = await invitation(await newTenant(), 'owner');
    const accept = () => browser().send('POST', '/invitations/accept', { token, account: newAccount() });
    expect((await Promise.all([accept(), accept()])).map(({ status }) => status).sort()).toEqual([200, 404]);
  });
});

describe('members', () => {
  test('are changed by owners; nobody gives more than he has, and the last owner stays', async () => {
    const tenant = await newTenant();
    const owner = await member(tenant, 'owner');
    const developer = await member(tenant, 'developer');
    const at = (id: string) => `/tenants/${tenant}/members/${id}`;
    expect((await developer.send('PATCH', at(developer.accountId), { role: 'owner' })).status).toBe(403);
    expect((await developer.send('DELETE', at(owner.accountId))).status).toBe(403);
    expect((await owner.send('PATCH', at(owner.accountId), { role: 'viewer' })).status).toBe(409);
    expect((await owner.send('DELETE', at(owner.accountId))).status).toBe(409);
    expect((await owner.send('PATCH', at(randomUUID()), { role: 'viewer' })).status).toBe(404);
    expect((await owner.send('PATCH', at('nobody'), { role: 'viewer' })).status).toBe(404);
    expect((await owner.send('PATCH', at(developer.accountId), { role: 'owner' })).body).toMatchObject({
      role: 'owner',
    });
    expect((await owner.send('DELETE', at(owner.accountId))).status).toBe(204);
    expect((await owner.send('GET', `/tenants/${tenant}/members`)).status).toBe(404);
    const { body } = await root<{ items: { action: string; diff: object }[] }>(
      'GET',
      `/tenants/${tenant}/audit?limit=2`,
    );
    expect(body.items).toMatchObject([
      { action: 'member.removed', diff: { role: 'owner' } },
      { action: 'member.role-changed', diff: { role: { from: 'developer', to: 'owner' } } },
    ]);
  });

  test.each(['viewer', 'support', 'developer'] as const)('a %s neither invites nor makes keys', async (role) => {
    const tenant = await newTenant();
    const client = await member(tenant, role);
    expect((await client.send('POST', `/tenants/${tenant}/invitations`, { role: 'viewer', label: 'x' })).status).toBe(
      403,
    );
    const wanted = { name: 'x', permissions: ['tenant.read'] };
    expect((await client.send('POST', `/tenants/${tenant}/api-keys`, wanted)).status).toBe(403);
  });

  test('of another tenant find nothing here', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const stranger = await member(other, 'owner');
    const host = await member(tenant, 'owner');
    for (const [method, path, body] of [
      ['GET', '/members'],
      ['PATCH', `/members/${host.accountId}`, { role: 'viewer' }],
      ['DELETE', `/members/${host.accountId}`],
      ['GET', '/invitations'],
      ['POST', '/invitations', { role: 'viewer', label: 'x' }],
      ['DELETE', `/invitations/${randomUUID()}`],
      ['GET', '/api-keys'],
      ['POST', '/api-keys', { name: 'x', permissions: ['tenant.read'] }],
      ['DELETE', `/api-keys/${randomUUID()}`],
      ['GET', '/audit'],
    ] as const)
      expect((await stranger.send(method, `/tenants/${tenant}${path}`, body)).status).toBe(404);
    expect((await host.send('DELETE', `/tenants/${other}/members/${stranger.accountId}`)).status).toBe(404);
    expect((await stranger.send('GET', '/audit')).status).toBe(403);
  });
});

test('who opens doors to others has proved himself lately; who closes them need not', async () => {
  const tenant = await newTenant();
  const owner = await member(tenant, 'owner');
  const other = await member(tenant, 'viewer');
  const login = (await owner.session()).body.account?.login ?? '';
  const at = `/tenants/${tenant}`;
  const doors = [
    ['PATCH', `${at}/members/${other.accountId}`, { role: 'support' }],
    ['POST', `${at}/invitations`, { role: 'viewer', label: 'x' }],
    ['POST', `${at}/api-keys`, { name: 'x', permissions: ['tenant.read'] }],
    ['POST', `${at}/sign-in-providers`, PROVIDER],
    ['DELETE', `${at}/members/${other.accountId}`, undefined],
  ] as const;
  const statuses = async () => {
    const answers = [];
    for (const [method, path, body] of doors) answers.push((await owner.send(method, path, body)).status);
    return answers;
  };
  clock.advance({ minutes: 15 });
  expect(await statuses()).toEqual([403, 403, 403, 403, 403]);
  expect((await owner.send('DELETE', `${at}/api-keys/${randomUUID()}`)).status).toBe(404);
  await owner.signIn(login, PASSWORD);
  expect(await statuses()).toEqual([200, 201, 201, 201, 204]);
});
