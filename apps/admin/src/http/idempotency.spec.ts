import { noteSecret } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { startAdminWorld, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const secretOf = (body: Record<string, unknown>): string =>
  noteSecret('client secret', (body['once'] as { secret: string }[])[0]!.secret);
const keyed = (key: string) => ({ 'idempotency-key': key });

test('the same request under the same key is carried out once, and answered the same', async () => {
  const tenant = await world.tenant();
  const path = `/tenants/${tenant}/skills/lights/secrets`;
  const options = { body: { client: 'alexa' }, headers: keyed(randomUUID()) };
  const first = await world.ask('POST', path, options);
  const again = await world.ask('POST', path, options);
  expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([201, 201, 'true']);
  expect(secretOf(again.body)).toBe(secretOf(first.body));
  const other = await world.ask('POST', path, { ...options, headers: keyed(randomUUID()) });
  expect(secretOf(other.body)).not.toBe(secretOf(first.body));
});

test('twenty at once are carried out once', async () => {
  const body = { slug: 'at-once', name: 'At once' };
  const headers = keyed(randomUUID());
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.ask('POST', '/tenants', { body, headers })));
  const statuses = answers.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set(statuses.includes(409) ? [201, 409] : [201]));
  expect(
    answers
      .filter(({ headers: told }) => told['idempotency-replayed'] === undefined)
      .filter(({ status }) => status === 201),
  ).toHaveLength(1);
});

test('a key of another request is refused, and another caller’s is another key', async () => {
  const [one, other] = [await world.tenant(), await world.tenant()];
  const headers = keyed(randomUUID());
  const make = (tenant: string, bearer?: string) =>
    world.ask('POST', `/tenants/${tenant}/skills/lights/secrets`, {
      body: { client: 'alexa' },
      headers,
      ...(bearer !== undefined && { bearer }),
    });
  expect((await make(one)).status).toBe(201);
  expect((await make(other)).status).toBe(422);
  const key = await world.ask('POST', `/tenants/${one}/api-keys`, {
    body: { name: 'ci', permissions: ['skills.write'] },
  });
  const theirs = await make(one, noteSecret('API key', String(key.body['key'])));
  expect([theirs.status, theirs.headers['idempotency-replayed']]).toEqual([201, undefined]);
});

test('what failed may be tried again, and a key is more than a word', async () => {
  const headers = keyed(randomUUID());
  const tenant = await world.tenant();
  const link = await world.link(tenant);
  const path = `/tenants/${tenant}/links/${link}/revoke`;
  expect((await world.ask('POST', path, { body: {}, headers })).status).toBe(400);
  expect((await world.ask('POST', path, { body: { reason: 'moved' }, headers })).status).toBe(200);
  expect((await world.ask('POST', path, { body: { reason: 'moved' }, headers: keyed('short') })).status).toBe(400);
});

test('what is kept in Redis says nothing', async () => {
  const tenant = await world.tenant();
  const headers = keyed(randomUUID());
  const made = await world.ask('POST', `/tenants/${tenant}/skills/lights/secrets`, {
    body: { client: 'alexa' },
    headers,
  });
  const { Redis } = await import('ioredis');
  const redis = new Redis(process.env['TEST_REDIS_URL'] ?? '');
  const kept = await Promise.all((await redis.keys('linkbroker:idempotent:*')).map((key) => redis.get(key)));
  redis.disconnect();
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.join('\n')).not.toContain(secretOf(made.body));
});
