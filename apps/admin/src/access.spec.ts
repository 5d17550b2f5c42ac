import { API_ROUTES, PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '@linkbroker/contracts';
import { noteSecret } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { newAddress, startAdminWorld, type AdminWorld } from '../test/admin-world.js';
import { ConsoleClient } from '../test/console-client.js';

/** One route of the OpenAPI document. */
interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: 'public' | 'signed-in' | 'operator' | Permission;
}

let world: AdminWorld;
let operations: Operation[];
let own: string;
let other: string;
let link: string;
const members = new Map<Role, ConsoleClient>();
let outsider: ConsoleClient;

beforeAll(async () => {
  world = await startAdminWorld();
  const { body } = await world.ask('GET', '/openapi.json', { bearer: null });
  operations = Object.entries(body['paths'] as Record<string, Record<string, Record<string, unknown>>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: String(operation['operationId']),
        method: method.toUpperCase() as Operation['method'],
        path,
        access: operation['x-access'] as Operation['access'],
      })),
  );
  [own, other] = [await world.tenant(), await world.tenant()];
  link = await world.link(own);
  for (const role of ROLES) members.set(role, await member(own, role));
  outsider = await member(other, 'owner');
}, 60_000);
afterAll(() => world.close());

async function member(tenant: string, role: Role): Promise<ConsoleClient> {
  const invited = await world.ask('POST', `/tenants/${tenant}/invitations`, { body: { role, label: role } });
  const token = noteSecret('invitation', new URL(String(invited.body['url'])).hash.replace('#token=', ''));
  const client = new ConsoleClient(() => world.admin);
  const login = `${role}@${tenant}.example`;
  const password = 'correct horse battery staple';
  const account = { displayName: role, login, password };
  const accepted = await client.send('POST', '/invitations/accept', { token, account });
  if (accepted.status !== 200) throw new Error(JSON.stringify(accepted.body));
  await client.signIn(login, password);
  return client;
}

const isTenants = ({ access }: Operation): boolean => !['public', 'signed-in', 'operator'].includes(access);
/** The path with things that are there where they decide whose it is, and nothing that is there elsewhere. */
const addressOf = ({ path }: Operation, tenant = own): string =>
  path
    .replace('{tenant}', tenant)
    .replace(/^\/links\/\{link\}/, `/links/${link}`)
    .replaceAll(/\{\w+\}/g, randomUUID())
    // A stream that ends at once.
    .replace(/\/live$/, '/live?seconds=0');

const refusals = [401, 403];
const asMember = (client: ConsoleClient, operation: Operation) =>
  client.send(operation.method as never, addressOf(operation), operation.method === 'GET' ? undefined : {});

test('what is served is what the document says, and nothing else', () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(
    Object.keys(API_ROUTES)
      .map((name) => name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
      .sort(),
  );
});

test('without a login every route but these is refused', async () => {
  const open: string[] = [];
  for (const operation of operations) {
    const answer = await world.ask(operation.method, addressOf(operation), {
      bearer: null,
      ...(operation.method !== 'GET' && { body: {} }),
    });
    // A public one that needs a session of some kind says 401 by itself.
    if (operation.access === 'public') open.push(operation.id);
    else expect([operation.id, answer.status]).toEqual([operation.id, 401]);
    expect([operation.id, answer.status]).not.toEqual([operation.id, 503]);
  }
  expect(open.sort()).toEqual([
    'acceptInvitation',
    'beginPasskey',
    'beginPasskeyRegistration',
    'beginProviderSignIn',
    'beginTotp',
    'confirmTotp',
    'finishProviderSignIn',
    'offeredProviders',
    'presentRecoveryCode',
    'presentTotp',
    'readSession',
    'registerPasskey',
    'signInByPasskey',
    'signInByPassword',
    'signOut',
    'welcomeOperator',
  ]);
});

test('the owner of another tenant finds nothing here', async () => {
  for (const operation of operations.filter((one) => isTenants(one) || one.access === 'operator')) {
    const { status, body } = await asMember(outsider, operation);
    expect([operation.id, status, body['detail']]).toEqual([
      operation.id,
      isTenants(operation) ? 404 : 403,
      expect.stringMatching(isTenants(operation) ? /^There is no such (tenant|link)\.$/ : /operators/),
    ]);
  }
});

test.each(ROLES)('%s: exactly what the role may do is answered', async (role) => {
  const client = members.get(role)!;
  for (const operation of operations.filter(isTenants)) {
    const { status } = await asMember(client, operation);
    const allowed = ROLE_PERMISSIONS[role].includes(operation.access as Permission);
    expect([operation.id, refusals.includes(status)]).toEqual([operation.id, !allowed]);
  }
  for (const operation of operations.filter(({ access }) => access === 'operator')) {
    expect([operation.id, (await asMember(client, operation)).status]).toEqual([operation.id, 403]);
  }
});

test.each(PERMISSIONS)('an API key with %s opens exactly that, in its own tenant', async (permission) => {
  const body = { name: permission, permissions: [permission], expiresInDays: 1 };
  const made = await world.ask('POST', `/tenants/${own}/api-keys`, { body });
  const bearer = noteSecret('API key', String(made.body['key']));
  for (const operation of operations.filter(({ access }) => access !== 'public')) {
    const options = { bearer, ...(operation.method !== 'GET' && { body: {} }) };
    const { status } = await world.ask(operation.method, addressOf(operation), options);
    expect([operation.id, refusals.includes(status)]).toEqual([operation.id, operation.access !== permission]);
    if (!isTenants(operation) || operation.path.startsWith('/links/')) continue;
    expect((await world.ask(operation.method, addressOf(operation, other), options)).status).toBe(404);
  }
});

test('a session changes nothing without its token, or from another site', async () => {
  const client = members.get('owner')!;
  const path = `/tenants/${own}`;
  const csrf = client.csrf;
  client.csrf = undefined;
  expect((await client.send('PATCH', path, { name: 'Taken' })).status).toBe(403);
  client.csrf = csrf;
  const foreign = { origin: 'https://evil.example' };
  expect((await client.send('PATCH', path, { name: 'Taken' }, foreign)).status).toBe(403);
  expect((await client.send('PATCH', path, { name: 'Taken' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await client.send('PATCH', path, { name: 'Kept' })).status).toBe(200);
});

test('a bearer token that is nobody’s is not overlooked for a cookie', async () => {
  const answer = await members
    .get('owner')!
    .send('GET', `/tenants/${own}`, undefined, { authorization: 'Bearer lbk_x' });
  expect(answer.status).toBe(401);
});

test('what no store can hold is refused before it gets there', async () => {
  expect((await world.ask('GET', '/tenants/%00')).status).toBe(404);
  expect((await world.ask('GET', `/tenants/${own}/links?skill=%00`)).status).toBe(400);
  for (const name of ['a\0b', 'a\ud800b'])
    expect((await world.ask('PATCH', `/tenants/${own}`, { body: { name } })).status).toBe(400);
  const body = { login: 'a\0b@example.com', password: 'correct horse battery' };
  expect((await world.ask('POST', '/session/password', { body, bearer: null })).status).toBe(400);
});

test('who guesses keys is counted, and told to wait', async () => {
  const from = newAddress();
  const guess = async () => (await world.ask('GET', '/tenants', { bearer: 'lbk_guessed', from })).status;
  const statuses = new Set<number>();
  for (let turn = 0; turn < 130; turn += 1) statuses.add(await guess());
  expect([...statuses].sort()).toEqual([401, 429]);
});
