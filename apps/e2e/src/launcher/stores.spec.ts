import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { endAll, freePorts, npmRun } from './launch.js';
import { stillRunning } from './processes.js';

const folder = mkdtempSync(join(tmpdir(), `linkbroker-test-stores-${process.pid}-`));
chmodSync(folder, 0o755);
const server = process.env['TEST_DATABASE_URL'] ?? '';
const database = `launcher_${process.pid}`;

afterAll(async () => {
  await endAll();
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await client.end();
  rmSync(folder, { recursive: true, force: true });
});

test('two up side by side: one on stores that the environment names, one on its own', async () => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  const given = join(folder, 'given');
  const own = join(folder, 'own');
  const stores = { DATABASE_URL: url.href, REDIS_URL: process.env['TEST_REDIS_URL'] ?? '' };
  const first = npmRun('up', ['--no-demo'], { ...(await freePorts(23_000)), ...stores, DATA_DIR: given });
  const second = npmRun('up', ['--no-demo'], { ...(await freePorts(24_000)), DATA_DIR: own });
  const [one, two] = await Promise.all([first.ready(), second.ready()]);
  expect(one['broker']).not.toBe(two['broker']);

  const commands = (tree: { command: string }[]) => tree.map(({ command }) => command).join('\n');
  expect(commands(first.tree())).not.toMatch(/redis-server|postgres/);
  expect(commands(second.tree())).toMatch(/redis-server/);
  expect(commands(second.tree())).toMatch(/postgres/);
  expect(existsSync(join(given, 'postgres'))).toBe(false);
  const run = JSON.parse(readFileSync(join(given, 'run.json'), 'utf8')) as { env: Record<string, string> };
  expect(run.env['REDIS_URL']).toBe(stores.REDIS_URL);
  expect(new URL(run.env['DATABASE_URL'] ?? '').port).toBe(url.port);

  const tree = [...first.tree(), ...second.tree()];
  second.child.kill('SIGINT');
  await second.ended;
  expect((await fetch(`${one['broker']}/health/ready`)).status).toBe(200);
  first.child.kill('SIGTERM');
  await first.ended;
  expect(stillRunning(tree)).toEqual([]);
}, 90_000);
