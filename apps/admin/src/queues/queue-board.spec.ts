import { startAdminWorld, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'PUT' | 'POST' = 'GET') =>
  world.admin.app.inject({ method, url, headers });
const asOperator = () => ({ authorization: `Bearer ${world.admin.needs.operatorKey}` });

test('an operator looks at the worker’s queue, under a policy that lets nothing come from elsewhere', async () => {
  const page = await get('/queues', asOperator());
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
  const script = /src="(static\/js\/main[^"]+)"/.exec(page.body)?.[1] ?? '';
  expect((await get(`/queues/${script}`, asOperator())).statusCode).toBe(200);
  const queues = await get('/queues/api/queues?status=latest', asOperator());
  const found = queues.json<{ queues: { name: string; readOnlyMode: boolean }[] }>().queues;
  expect(found.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([['linkbroker-housekeeping', true]]);
});

test('who is no operator does not, neither the page nor what it reads', async () => {
  const tenant = await world.tenant();
  const made = await world.ask('POST', `/tenants/${tenant}/api-keys`, {
    body: { name: 'key', permissions: ['tenant.read'], expiresInDays: 1 },
  });
  const key = { authorization: `Bearer ${String(made.body['key'])}` };
  for (const path of ['/queues', '/queues/api/queues', '/queues/static/js/nothing.js']) {
    expect([path, (await get(path)).statusCode]).toEqual([path, 401]);
    expect([path, (await get(path, key)).statusCode]).toEqual([path, 403]);
  }
  const browser = await get('/queues', { accept: 'text/html' });
  expect([browser.statusCode, browser.headers.location]).toEqual([303, '/sign-in?back=%2Fqueues']);
});

test('nothing can be changed there, not even by an operator', async () => {
  const path = '/queues/api/queues/linkbroker-housekeeping';
  for (const [method, url] of [
    ['PUT', `${path}/empty`],
    ['PUT', `${path}/retry/failed`],
    ['POST', `${path}/add`],
  ] as const)
    expect([url, (await get(url, asOperator(), method)).statusCode]).toEqual([url, 405]);
});
