import { eventually } from '@linkbroker/testing';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { endAll, freePorts, npmRun, occupy } from './launch.js';
import { stillRunning } from './processes.js';

/** One DATA_DIR through its life; the tests build on each other, as starts of a real installation do. */
const dataDir = mkdtempSync(join(tmpdir(), `linkbroker-test-up-${process.pid}-`));
// Run as root, PostgreSQL is nobody's, who must be able to pass.
chmodSync(dataDir, 0o755);
let env: Record<string, string>;

const up = (...args: string[]) => npmRun('up', args, env);

/** Reads and writes the embedded database as its owner, past everything the product enforces. */
async function asOwner<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as { env: { DATABASE_URL: string } };
  const url = new URL(run.env.DATABASE_URL);
  url.username = 'postgres';
  url.password = readFileSync(join(dataDir, 'postgres-password'), 'utf8').trim();
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  env = { ...(await freePorts(21_000)), DATA_DIR: dataDir };
});

afterAll(async () => {
  await endAll();
  rmSync(dataDir, { recursive: true, force: true });
});

test('a taken port is one line that names the port and the variable, and a failure', async () => {
  const release = await occupy(Number(env['ADMIN_PORT']));
  const run = up('--no-demo');
  const { code } = await run.ended;
  await release();
  expect(code).not.toBe(0);
  expect(run.complaints).toEqual([expect.stringContaining(`port ${env['ADMIN_PORT']} is taken`)]);
  expect(run.complaints[0]).toContain('ADMIN_PORT');
});

test('SIGTERM to the npm process alone: the demo link was shown, READY was said, and nothing is left', async () => {
  const run = up();
  const urls = await run.ready();
  expect(urls).toEqual({
    broker: `http://localhost:${env['BROKER_PORT']}`,
    admin: `http://localhost:${env['ADMIN_PORT']}`,
    simulator: `http://localhost:${env['SIMULATOR_PORT']}`,
  });
  expect(run.stdout.split('\n').filter((line) => line.startsWith('READY '))).toHaveLength(1);
  // npm's own two lines apart, the transcript comes before READY.
  expect(run.stdout.indexOf('READY ')).toBeGreaterThan(run.stdout.indexOf('up.mjs') + 20);
  for (const url of Object.values(urls)) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  await asOwner('CREATE TABLE public.survivor AS SELECT 42 AS answer');
  const tree = run.tree();
  expect(tree.length).toBeGreaterThan(7);
  run.child.kill('SIGTERM');
  await run.ended;
  expect(stillRunning(tree)).toEqual([]);
  expect(readdirSync(dataDir).filter((name) => name === 'run.json' || name === 'up.lock')).toEqual([]);
}, 60_000);

test('data survives; a second up on the same DATA_DIR is refused; a killed launcher leaves nothing', async () => {
  const keys = readFileSync(join(dataDir, 'master-keys'), 'utf8');
  const run = up('--no-demo');
  expect((await run.ready())['simulator']).toBe('-');
  expect(await asOwner('SELECT answer FROM public.survivor')).toEqual([{ answer: 42 }]);
  expect(readFileSync(join(dataDir, 'master-keys'), 'utf8')).toBe(keys);

  const second = npmRun('up', ['--no-demo'], { ...env, ...(await freePorts(22_000)) });
  expect((await second.ended).code).not.toBe(0);
  expect(second.complaints).toEqual([expect.stringContaining(`${dataDir} is in use`)]);

  const tree = run.tree();
  process.kill(run.launcher, 'SIGKILL');
  await eventually('everything gone after SIGKILL of the launcher', () => stillRunning(tree).length === 0);
  expect(readdirSync(dataDir).filter((name) => name === 'run.json' || name === 'up.lock')).toEqual([]);
}, 60_000);

test('after that crash it starts again; a killed npm takes everything with it', async () => {
  const run = up('--no-demo');
  await run.ready();
  expect(await asOwner('SELECT answer FROM public.survivor')).toEqual([{ answer: 42 }]);
  const tree = run.tree();
  run.child.kill('SIGKILL');
  await eventually('everything gone after SIGKILL of npm', () => stillRunning(tree).length === 0);
  expect(readdirSync(dataDir).filter((name) => name === 'run.json' || name === 'up.lock')).toEqual([]);
}, 60_000);

test('no new keys for a database that holds data', async () => {
  renameSync(join(dataDir, 'master-keys'), join(dataDir, 'kept-keys'));
  const run = up('--no-demo');
  const { code } = await run.ended;
  expect(code).not.toBe(0);
  expect(run.complaints).toEqual([expect.stringContaining('MASTER_KEYS')]);
  expect(readdirSync(dataDir)).not.toContain('master-keys');
  renameSync(join(dataDir, 'kept-keys'), join(dataDir, 'master-keys'));
}, 60_000);

test('a dead application is one line that names it, and the end of everything', async () => {
  const run = up('--no-demo');
  await run.ready();
  const tree = run.tree();
  const worker = tree.find(({ command }) => command.includes('apps/worker/dist/main.js'));
  process.kill(worker?.pid ?? 0, 'SIGKILL');
  const { code } = await run.ended;
  expect(code).not.toBe(0);
  expect(run.complaints).toEqual([expect.stringMatching(/worker died \(SIGKILL\)/)]);
  expect(stillRunning(tree)).toEqual([]);
}, 60_000);
