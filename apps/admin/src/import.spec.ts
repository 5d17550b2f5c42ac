import { noteSecret, watchOutput } from '@linkbroker/testing';
import { createHash, randomBytes } from 'node:crypto';
import { startAdminWorld, type AdminWorld } from '../test/admin-world.js';
import { ImportUsageError, readImportArguments } from './import-arguments.js';
import { ImportRefused, runImport } from './import-command.js';
import { readJsonLines } from './imports/read-lines.js';

let world: AdminWorld;
beforeAll(async () => {
  world = await startAdminWorld();
}, 60_000);
afterAll(() => world.close());

async function* texts(lines: readonly object[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(JSON.stringify(line));
}

/** Runs the command; `onPause` is what the worker does meanwhile. */
async function run(lines: readonly object[], argv: readonly string[], onPause = () => Promise.resolve()) {
  const printed: string[] = [];
  const needs = {
    ...world.admin.needs,
    lines: readJsonLines(texts(lines)),
    by: 'import by ada',
    pause: onPause,
    print: (line: string): void => {
      printed.push(line);
      watchOutput('what import prints', `${line}\n`);
    },
  };
  const args = readImportArguments(['-f', 'links.jsonl', '--skill', 'lights', '--connector', 'home', ...argv]);
  return { done: await runImport(needs, args), printed: printed.join('\n') };
}

const secret = (): string => noteSecret('token of another server', randomBytes(18).toString('base64url'));
const lineOf = (subject: string) => ({
  subject,
  upstream: { refreshToken: secret() },
  refreshTokens: [createHash('sha256').update(secret()).digest('base64url')],
});
const KEEP = ['--keep-until', '2036-06-01'];
const adopt = (tenant: string) =>
  world.database.sql(
    `UPDATE linkbroker.imported_links l SET state = 'adopted' FROM linkbroker.tenants t
     WHERE t.id = l.tenant_id AND t.slug = $1 AND l.state = 'pending'`,
    [tenant],
  );
const refuse = (tenant: string) =>
  world.database.sql(
    `SELECT linkbroker.refuse_imported_link(t.id, l.id, 'the provider refuses the refresh token', now())
     FROM linkbroker.imported_links l JOIN linkbroker.tenants t ON t.id = l.tenant_id WHERE t.slug = $1 AND l.state = 'pending'`,
    [tenant],
  );
const imports = async (tenant: string) =>
  (await world.ask('GET', `/tenants/${tenant}/imports`)).body['items'] as { lines: Record<string, number> }[];

test('a dry run tells what would become of a file, and leaves no import behind', async () => {
  const tenant = await world.tenant();
  const one = lineOf('a');
  const { done, printed } = await run([one, { ...one, subject: 'b' }], ['--tenant', tenant, '--dry-run', ...KEEP]);
  expect(done).toBe(false);
  expect(printed).toContain('line 2: a refresh token of it stands in line 1 already');
  expect(printed).toContain('dry run: 1 new, 0 there already, 1 refused; nothing was changed');
  expect(await imports(tenant)).toEqual([]);
});

test('a file is brought in, waited for, and goes on where it was when it is brought again', async () => {
  const tenant = await world.tenant();
  const lines = [lineOf('a'), lineOf('b')];
  const argv = ['--tenant', tenant, ...KEEP];
  const first = await run(lines, argv, () => adopt(tenant).then(() => undefined));
  expect(first.done).toBe(true);
  expect(first.printed).toContain('2 new, 0 there already, 0 refused');
  expect(first.printed).toContain('2 adopted (0 used by Alexa), 0 refused, 0 pending');
  const more = lineOf('c');
  const second = await run([...lines, more], argv, () => refuse(tenant).then(() => undefined));
  expect(second.done).toBe(false);
  expect(second.printed).toContain('1 new, 2 there already, 0 refused');
  expect(second.printed).toContain('line 3, refused: the provider refuses the refresh token');
  expect(await imports(tenant)).toHaveLength(1);
  const third = await run([more], [...argv, '--no-wait']);
  expect(third.printed).toContain('1 new, 0 there already, 0 refused');
  expect((await imports(tenant))[0]?.lines).toMatchObject({ adopted: 2, pending: 1, refused: 0 });
});

test('more than a batch is brought in', async () => {
  const tenant = await world.tenant();
  const lines = Array.from({ length: 1_101 }, (_, index) => lineOf(`many-${String(index)}`));
  const { printed } = await run(lines, ['--tenant', tenant, '--no-wait', ...KEEP]);
  expect(printed).toContain('1101 new, 0 there already, 0 refused');
});

test.each([
  [['--tenant', 'nobody', ...KEEP], 'there is no tenant nobody'],
  [['--tenant', 'OWN', '--skill', 'nothing', ...KEEP], 'There is no skill nothing'],
  [['--tenant', 'OWN', '--keep-until', '2020-01-01'], 'has to lie in the future'],
])('%j is refused', async (argv, message) => {
  const tenant = await world.tenant();
  const own = argv.map((one) => (one === 'OWN' ? tenant : one));
  await expect(run([], own)).rejects.toThrow(ImportRefused);
  await expect(run([], own)).rejects.toThrow(message);
});

test.each([
  [[]],
  [['--tenant', 'a', '--skill', 'b', '--connector', 'c', '-f', 'd']],
  [['--tenant', 'a', '--skill', 'b', '--connector', 'c', '-f', 'd', '--keep-until', 'soon']],
  [['--frobnicate']],
  [['extra']],
])('%j cannot be understood', (argv) => {
  expect(() => readImportArguments(argv)).toThrow(ImportUsageError);
});
