import { noteSecret } from '@linkbroker/testing';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { startAdminWorld, watchAnswer, type AdminWorld } from '../../test/admin-world.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

const KEEP_UNTIL = '2036-06-01T00:00:00.000Z';
const token = (): string => noteSecret('token of another server', randomBytes(18).toString('base64url'));
const line = (change: object = {}) => ({
  subject: `sub-${randomUUID()}`,
  upstream: { refreshToken: token() },
  refreshTokens: [createHash('sha256').update(token()).digest('hex')],
  ...change,
});
const ask = async (tenant: string, method: 'GET' | 'POST', path = '', body?: object) =>
  watchAnswer(await world.ask(method, `/tenants/${tenant}/imports${path}`, body === undefined ? {} : { body }));
const begin = async (tenant: string): Promise<string> => {
  const { status, body } = await ask(tenant, 'POST', '', { skill: 'lights', connector: 'home', keepUntil: KEEP_UNTIL });
  expect(status).toBe(201);
  return String(body['id']);
};
const count = async (table: string): Promise<number> =>
  (await world.database.sql<{ n: number }>(`SELECT count(*)::int AS n FROM linkbroker.${table}`))[0]!.n;

test('lines are added and started, and each that is wrong is told with its number', async () => {
  const tenant = await world.tenant();
  const id = await begin(tenant);
  const good = line();
  const lines = [good, { subject: 'x' }, line({ scopes: ['nothing'] }), line({ linkedAt: '2025-01-01T00:00:00Z' })];
  const added = await ask(tenant, 'POST', `/${id}/lines`, { lines, firstLine: 11 });
  expect(added.body).toEqual({
    staged: 2,
    known: 0,
    refused: [
      { line: 12, reason: expect.stringContaining('upstream') as string },
      { line: 13, reason: 'scopes: the skill has no scope nothing' },
    ],
  });
  expect((await ask(tenant, 'POST', `/${id}/lines`, { lines: [good] })).body).toMatchObject({ staged: 0, known: 1 });
  expect((await ask(tenant, 'GET', `/${id}`)).body).toMatchObject({
    ...{ id, skill: 'lights', connector: 'home', keepUntil: KEEP_UNTIL, startedAt: null },
    lines: { pending: 2, held: 0, adopted: 0, refused: 0, used: 0 },
  });
  const started = await ask(tenant, 'POST', `/${id}/start`);
  expect([started.status, typeof started.body['startedAt']]).toEqual([202, 'string']);
  expect(
    await world.database.sql('SELECT 1 FROM linkbroker.upstream_token_sets WHERE staged AND refresh_due_at IS NULL'),
  ).toEqual([]);
  expect((await ask(tenant, 'POST', `/${id}/start`)).status).toBe(202);
  expect((await ask(tenant, 'GET')).body).toMatchObject({ items: [{ id }], next: null });
  const audit = (await world.ask('GET', `/tenants/${tenant}/audit`)).body['items'] as { action: string }[];
  expect(audit.map(({ action }) => action)).toEqual(expect.arrayContaining(['import.create', 'import.start']));
});

test('a dry run writes nothing', async () => {
  const tenant = await world.tenant();
  const id = await begin(tenant);
  const before = [await count('imported_links'), await count('foreign_tokens'), await count('upstream_token_sets')];
  const { body } = await ask(tenant, 'POST', `/${id}/lines`, { lines: [line(), line()], dryRun: true });
  expect(body).toEqual({ staged: 2, known: 0, refused: [] });
  expect([await count('imported_links'), await count('foreign_tokens'), await count('upstream_token_sets')]).toEqual(
    before,
  );
});

test('what is given up takes its lines along, and takes no more', async () => {
  const tenant = await world.tenant();
  const id = await begin(tenant);
  await ask(tenant, 'POST', `/${id}/lines`, { lines: [line(), line()] });
  expect((await ask(tenant, 'POST', `/${id}/cancel`)).body).toEqual({ cancelledLines: 2 });
  expect((await ask(tenant, 'POST', `/${id}/lines`, { lines: [line()] })).status).toBe(409);
  expect((await ask(tenant, 'POST', `/${id}/start`)).status).toBe(409);
  expect((await ask(tenant, 'GET', `/${id}`)).body).toMatchObject({ lines: { pending: 0 } });
});

test('refused lines are told page by page', async () => {
  const tenant = await world.tenant();
  const id = await begin(tenant);
  await ask(tenant, 'POST', `/${id}/lines`, { lines: [line(), line(), line()] });
  await world.database.sql(
    `UPDATE linkbroker.imported_links SET state = 'refused', reason = 'it is dead' WHERE import_id = $1`,
    [id],
  );
  const first = await ask(tenant, 'GET', `/${id}/lines?limit=2`);
  expect(first.body['items']).toMatchObject([{ line: 1, reason: 'it is dead' }, { line: 2 }]);
  const second = await ask(tenant, 'GET', `/${id}/lines?limit=2&cursor=${String(first.body['next'])}`);
  expect(second.body).toMatchObject({ items: [{ line: 3 }], next: null });
  expect((await ask(tenant, 'GET', `/${id}/lines?state=pending`)).body).toEqual({ items: [], next: null });
});

test('another tenant finds nothing of it', async () => {
  const [tenant, other] = [await world.tenant(), await world.tenant()];
  const id = await begin(tenant);
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['POST', '/start', undefined],
    ['POST', '/cancel', undefined],
    ['GET', '/lines', undefined],
    ['POST', '/lines', { lines: [line()] }],
  ] as const) {
    expect((await ask(other, method, `/${id}${path}`, body)).status).toBe(404);
    expect((await ask(tenant, method, `/x${path}`, body)).status).toBe(404);
  }
  expect((await ask(other, 'GET')).body).toEqual({ items: [], next: null });
});

test.each([
  [{ skill: 'nothing', connector: 'home', keepUntil: KEEP_UNTIL }, 409],
  [{ skill: 'lights', connector: 'nothing', keepUntil: KEEP_UNTIL }, 409],
  [{ skill: 'lights', connector: 'home', keepUntil: '2020-01-01T00:00:00Z' }, 409],
  [{ skill: 'lights', connector: 'home', keepUntil: 'soon' }, 400],
])('%j begins no import', async (body, status) => {
  expect((await ask(await world.tenant(), 'POST', '', body)).status).toBe(status);
});

test('a token never comes back in what is said of a wrong line', async () => {
  const tenant = await world.tenant();
  const id = await begin(tenant);
  const secret = token();
  const lines = [line({ upstream: { refreshToken: secret.repeat(600) } }), line({ refreshTokens: [secret] }), secret];
  const { body } = await ask(tenant, 'POST', `/${id}/lines`, { lines });
  expect(body['refused']).toHaveLength(3);
  expect(JSON.stringify(body)).not.toContain(secret);
});
