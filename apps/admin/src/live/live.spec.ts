import { TimelineStore } from '@linkbroker/persistence';
import { startAdminWorld, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
let url: string;
const listen = async ({ admin }: AdminWorld): Promise<string> => {
  await admin.app.listen(0, '127.0.0.1');
  return (await admin.app.getUrl()).replace('[::1]', '127.0.0.1');
};
beforeAll(async () => {
  world = await startAdminWorld();
  url = await listen(world);
}, 60_000);
afterAll(() => world.close());

const watch = (tenant: string, seconds: number, bearer = world.admin.needs.operatorKey) =>
  fetch(`${url}/api/v1/tenants/${tenant}/live?seconds=${String(seconds)}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
const idOf = async (slug: string) =>
  (await world.database.sql<{ id: string }>('SELECT id FROM linkbroker.tenants WHERE slug = $1', [slug]))[0]!.id;
const happens = async (slug: string, name: string, outcome?: string) => {
  const store = new TimelineStore((await world.database.open('broker')).database);
  const entry = { tenantId: await idOf(slug), at: new Date().toISOString().replace('Z', '000Z'), name, outcome };
  await store.record(JSON.stringify([entry]), performance.now() + 5_000);
};

test('a stream says that there is something new, to who looks at this tenant', async () => {
  const [tenant, other] = [await world.tenant(), await world.tenant()];
  const [mine, theirs] = await Promise.all([watch(tenant, 30), watch(other, 4)]);
  expect([mine.status, mine.headers.get('content-type'), mine.headers.get('cache-control')]).toEqual([
    200,
    'text/event-stream',
    'no-store',
  ]);
  expect(mine.headers.get('x-content-type-options')).toBe('nosniff');
  const texts = mine.body!.pipeThrough(new TextDecoderStream()).getReader();
  let said = '';
  const until = async (word: string) => {
    while (!said.includes(word)) {
      const { done, value } = await texts.read();
      if (done) throw new Error(`the stream ended before it said ${word}`);
      said += value;
    }
  };
  await until('retry: 1000');
  // The first look is what later ones are compared with: it may come before or after what happens first.
  const again = setInterval(() => void happens(tenant, 'authorize.started'), 300);
  await until('event: news\ndata: ["timeline"]');
  clearInterval(again);
  await world.ask('PATCH', `/tenants/${tenant}`, { body: { name: 'Another name' } });
  await until('"changes"]');
  await texts.cancel();
  expect(await theirs.text()).not.toContain('news');
});

test('a stream ends by itself, and is for who may see the tenant', async () => {
  const tenant = await world.tenant();
  const ended = await watch(tenant, 0);
  expect(await ended.text()).toBe('retry: 1000\n\n');
  expect((await watch(tenant, 1, 'lbk_nobody')).status).toBe(401);
  expect((await watch('nobody', 1)).status).toBe(404);
  expect((await watch(tenant, 100_000)).status).toBe(400);
});

test('who looks on does not keep the admin app from ending', async () => {
  const other = await startAdminWorld();
  const address = await listen(other);
  const tenant = await other.tenant();
  const { operatorKey } = other.admin.needs;
  const stream = await fetch(`${address}/api/v1/tenants/${tenant}/live`, {
    headers: { authorization: `Bearer ${operatorKey}` },
  });
  expect(stream.headers.get('connection')).toBe('close');
  await Promise.all([other.close(), stream.text()]);
}, 30_000);
