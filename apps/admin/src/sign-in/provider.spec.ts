import { FixedClock, noteSecret } from '@linkbroker/testing';
import { randomBytes } from 'node:crypto';
import type { ConsoleClient } from '../../test/console-client.js';
import { CLIENT, OpenIdProvider, type Lie } from '../../test/openid-provider.js';
import { LOGIN, useAdmin } from '../../test/use-admin.js';
import { useTenants } from '../../test/use-tenants.js';

const clock = new FixedClock(new Date().toISOString());
const world = useAdmin(clock, { EGRESS_ALLOW: '127.0.0.0/8' });
const { browser, operator, sql } = world;
const tenants = useTenants(world);
const { root, newTenant } = tenants;
let op: OpenIdProvider;
beforeAll(async () => {
  op = await OpenIdProvider.start();
});
afterAll(() => op.close());
beforeEach(async () => {
  await sql('TRUNCATE linkbroker.accounts, linkbroker.sign_in_providers CASCADE');
  op.broken = undefined;
});

const wanted = (slug: string) => ({ slug, name: 'Staff', issuer: op.issuer, ...CLIENT });

/** A provider of a tenant, or of the installation. */
async function provider(tenant?: string): Promise<string> {
  const slug = `p-${randomBytes(4).toString('hex')}`;
  const path = tenant === undefined ? '' : `/tenants/${tenant}`;
  expect((await root('POST', `${path}/sign-in-providers`, wanted(slug))).status).toBe(201);
  return slug;
}
const invitation = (tenant: string): Promise<string> => tenants.invitation(tenant, 'owner');
const begin = async (client: ConsoleClient, slug: string, token?: string): Promise<string> => {
  const body = token === undefined ? {} : { invitation: token };
  return (await client.send<{ url: string }>('POST', `/session/providers/${slug}`, body)).body.url;
};
const finish = (client: ConsoleClient, query: string) => client.send('POST', '/session/provider-callback', { query });
const claims = (sub: string) => ({ sub, name: 'Bob', email: LOGIN });

test('somebody invited comes by a provider, and is known by issuer and subject from then on', async () => {
  const [tenant, slug] = [await newTenant(), await provider()];
  const token = await invitation(tenant);
  const first = browser();
  const joined = await finish(first, await op.signIn(await begin(first, slug, token), claims('bob')));
  expect(joined.body).toMatchObject({
    ...{ stage: 'signed-in', account: { displayName: 'Bob', login: null, operator: false } },
    tenants: [{ slug: tenant, role: 'owner' }],
  });
  const again = browser();
  const renamed = { sub: 'bob', name: 'Robert', email: 'other@example.com' };
  const known = await finish(again, await op.signIn(await begin(again, slug), renamed));
  expect(known.body['account']).toEqual(joined.body['account']);
  const { body } = await again.send<{ items: { method: string }[] }>('GET', '/sessions');
  expect(body.items.map(({ method }) => method)).toEqual(['provider', 'provider']);
});

test('nobody becomes somebody by an e-mail address', async () => {
  await operator();
  const slug = await provider();
  const client = browser();
  const refused = await finish(client, await op.signIn(await begin(client, slug), claims('mallory')));
  expect(refused.status).toBe(403);
  expect((await client.session()).body.stage).toBe('signed-out');
});

describe('nobody is vouched for', () => {
  const attempt = async (lie: Lie, change: (query: string) => string = (query) => query) => {
    const [tenant, slug] = [await newTenant(), await provider()];
    const client = browser();
    const url = await begin(client, slug, await invitation(tenant));
    const { status } = await finish(client, change(await op.signIn(url, claims('bob'), lie)));
    expect((await client.session()).body.stage).toBe('signed-out');
    return status;
  };

  test.each<[string, Lie]>([
    ['by a token for another nonce', { nonce: 'another' }],
    ['by a token of another issuer', { issuer: 'https://evil.example' }],
    ['by a token for another client', { audience: 'somebody-else' }],
    ['by a token that has run out', { expiresIn: '-5 minutes' }],
    ['by a token that another key signed', { forged: true }],
  ])('%s', async (_, lie) => {
    expect(await attempt(lie)).toBe(401);
  });

  test.each<[string, (query: string) => string]>([
    ['with a code of nobody', (query) => query.replace(/code=[^&]*/, 'code=guessed')],
    ['with a state of nobody', (query) => query.replace(/state=[^&]*/, 'state=guessed')],
    ['without a state', (query) => query.replace(/&state=[^&]*/, '')],
    ['with the answer of another issuer', (query) => query.replace(/iss=.*/, 'iss=https%3A%2F%2Fevil.example')],
    ['without the issuer that was promised', (query) => query.replace(/&iss=.*/, '')],
    ['with a refusal', (query) => query.replace(/code=[^&]*/, 'error=access_denied')],
  ])('%s', async (_, change) => {
    expect(await attempt({}, change)).toBe(401);
  });

  test('in another browser than the one that left, nor twice', async () => {
    const [tenant, slug] = [await newTenant(), await provider()];
    const [client, thief] = [browser(), browser()];
    await begin(thief, slug);
    const query = await op.signIn(await begin(client, slug, await invitation(tenant)), claims('bob'));
    expect((await finish(thief, query)).status).toBe(401);
    expect((await finish(client, query)).status).toBe(401);
    const next = await op.signIn(await begin(client, slug, await invitation(tenant)), claims('bob'));
    expect((await finish(client, next)).status).toBe(200);
    expect((await finish(client, next)).status).toBe(401);
  });
});

test('a provider that cannot be reached, or fails, is 503', async () => {
  const slug = await provider();
  const client = browser();
  const query = await op.signIn(await begin(client, slug), claims('bob'));
  op.broken = 500;
  expect((await finish(client, query)).status).toBe(503);
  expect((await client.send('POST', `/session/providers/${slug}`, {})).status).toBe(503);
  expect((await client.send('POST', '/session/providers/nobody', {})).status).toBe(404);
});

test('a provider that refuses our own secret is 503 as well: nobody is at fault who wants to sign in', async () => {
  const slug = `p-${randomBytes(4).toString('hex')}`;
  const clientSecret = noteSecret('provider secret', 'not-the-secret-there');
  await root('POST', '/sign-in-providers', { ...wanted(slug), clientSecret });
  const client = browser();
  expect((await finish(client, await op.signIn(await begin(client, slug), claims('bob')))).status).toBe(503);
});

test.each([[['client_secret_post']], [['client_secret_basic']], [['client_secret_basic', 'client_secret_post']]])(
  'the secret goes the way that the provider takes it: %j',
  async (methods) => {
    op.methods = methods;
    const [tenant, slug, client] = [await newTenant(), await provider(), browser()];
    const url = await begin(client, slug, await invitation(tenant));
    expect((await finish(client, await op.signIn(url, claims('bob')))).status).toBe(200);
    op.methods = undefined;
  },
);

describe("a tenant's own provider", () => {
  test('lets into that tenant only, and into nothing that stands above it', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const slug = await provider(tenant);
    const shared = await provider();
    const client = browser();
    await finish(client, await op.signIn(await begin(client, slug, await invitation(tenant)), claims('bob')));
    const everywhere = browser();
    await finish(everywhere, await op.signIn(await begin(everywhere, shared, await invitation(other)), claims('bob')));
    expect((await everywhere.session()).body.tenants.map((one) => one.slug).sort()).toEqual([tenant, other].sort());
    expect((await client.session()).body.tenants.map((one) => one.slug)).toEqual([tenant]);
    expect((await client.send('GET', `/tenants/${tenant}/members`)).status).toBe(200);
    expect((await client.send('GET', `/tenants/${other}/members`)).status).toBe(404);
    for (const [method, path, body] of [
      ['POST', '/account/totp'],
      ['GET', '/account/passkeys'],
      ['GET', '/sessions'],
      ['DELETE', '/sessions'],
      ['POST', '/account/recovery-codes'],
      ['POST', '/invitations/accept', { token: await invitation(await newTenant()) }],
    ] as const)
      expect((await client.send(method, path, body)).status).toBe(403);
    expect((await client.send('POST', '/account/passkeys/options')).status).toBe(403);
    await sql('UPDATE linkbroker.accounts SET is_operator = true');
    expect((await client.send('GET', '/tenants')).status).toBe(403);
    const later = browser();
    const back = await finish(later, await op.signIn(await begin(later, slug), claims('bob')));
    expect(back.body).toMatchObject({ stage: 'signed-in', tenants: [{ slug: tenant }] });
    expect((await later.send('POST', '/account/totp')).status).toBe(403);
    const owes = browser();
    const shares = await finish(owes, await op.signIn(await begin(owes, shared), claims('bob')));
    expect(shares.body['stage']).toBe('enrol');
  });

  test("accepts no invitation of another tenant's", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const slug = await provider(tenant);
    const client = browser();
    const token = await invitation(other);
    const refused = await finish(client, await op.signIn(await begin(client, slug, token), claims('bob')));
    expect(refused.status).toBe(403);
    expect(await sql('SELECT 1 FROM linkbroker.accounts')).toEqual([]);
  });

  test('is not offered to everybody, and is neither seen nor removed by another tenant', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const slug = await provider(tenant);
    const shared = await provider();
    const offered = await browser().send<{ items: { slug: string }[] }>('GET', '/session/providers');
    expect(offered.body.items).toEqual([{ slug: shared, name: 'Staff' }]);
    const own = await root<{ items: { id: string; slug: string }[] }>('GET', `/tenants/${tenant}/sign-in-providers`);
    expect(own.body.items.map((one) => one.slug)).toEqual([slug]);
    const id = own.body.items[0]?.id ?? '';
    expect((await root<{ items: object[] }>('GET', `/tenants/${other}/sign-in-providers`)).body.items).toEqual([]);
    expect((await root('DELETE', `/tenants/${other}/sign-in-providers/${id}`)).status).toBe(404);
    expect((await root('DELETE', `/sign-in-providers/${id}`)).status).toBe(404);
    expect((await root('POST', '/sign-in-providers', wanted(slug))).status).toBe(409);
    expect((await root('DELETE', `/tenants/${tenant}/sign-in-providers/${id}`)).status).toBe(204);
    expect((await browser().send('POST', `/session/providers/${slug}`, {})).status).toBe(404);
    const { body } = await root<{ items: { action: string; diff: object }[] }>('GET', `/tenants/${tenant}/audit`);
    expect(body.items.map(({ action }) => action)).toEqual(['sign-in-provider.removed', 'sign-in-provider.added']);
    expect(body.items[1]?.diff).toMatchObject({ clientSecret: 'changed', clientId: 'console' });
  });
});
