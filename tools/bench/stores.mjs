import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { tellingLine } from '../lib/logs.mjs';
import { root } from '../lib/paths.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { Problem, say } from '../lib/problem.mjs';
import { startRedis } from '../lib/redis.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { assertDurable } from './measure/postgres.mjs';

const script = (path) => join(root, 'apps', path);

/**
 * One PostgreSQL with the product's own durable settings, on disk, and a Redis; gone when the bench is.
 * @param {{ guard: ReturnType<typeof import('../lib/guard.mjs').startGuard>, family: ReturnType<typeof import('../lib/children.mjs').createFamily>, settings?: string[] }} tools
 *   settings: PostgreSQL's, `name=value`, over the product's own
 */
export async function openStores({ guard, family, settings }) {
  mkdirSync(join(root, 'tmp'), { recursive: true });
  const directory = mkdtempSync(join(root, 'tmp/bench-'));
  guard.removeLater(directory);
  say('starting PostgreSQL and Redis …');
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir: directory, guard, settings }),
    startRedis({ dataDir: directory, guard }),
  ]);
  // Where PostgreSQL's user cannot reach the checkout its files lie elsewhere.
  const pointer = join(directory, 'postgres-place');
  const place = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(directory, 'postgres');
  guard.removeLater(place);
  family.adopt(postgres);
  family.adopt(redis);
  const client = await connect(postgres.url);
  await assertDurable(client);
  await client.query('CREATE EXTENSION pg_walinspect');
  return {
    directory,
    place,
    client,
    postmaster: postgres.child.pid,
    redisUrl: redis.url,
    urlOf: (database) => postgres.url.replace(/\/postgres$/, `/${database}`),
  };
}

/** A connection as PostgreSQL's superuser. */
export async function connect(url) {
  const client = new pg.Client({ connectionString: url });
  // Stopping ends the server under open connections.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A database of its own for each server, so that PostgreSQL counts their transactions apart. */
export async function createDatabase(stores, name, schema) {
  await stores.client.query(`CREATE DATABASE ${name}`);
  const client = await connect(stores.urlOf(name));
  await client.query(schema);
  return client;
}

/**
 * A database as an operator makes it: migrated, one login role per application, a config applied.
 * @param {{ stores: object, family: object, database: string, config: string, variables: Record<string, string> }} parts
 *   config: the file; variables: what it names
 * @returns {Promise<{ urls: { broker: string, worker: string, admin: string }, keys: string }>}
 */
export async function prepareDatabase({ stores, family, database, config, variables }) {
  const run = async (what, args, env) => {
    const options = { cwd: root, env: { ...pinnedEnvironment(), ...env } };
    const { code, stdout, stderr } = await family.run(what, pinnedNode(), args, options);
    if (code !== 0) throw new Problem(`${what} failed: ${tellingLine(stderr.split('\n')) || `exit ${code}`}`);
    return stdout;
  };
  const migrate = [script('admin/dist/migrate.js'), '--logins', database];
  const { urls } = JSON.parse(await run('the migration', migrate, { MIGRATION_DATABASE_URL: stores.urlOf(database) }));
  const keys = `bench:${randomBytes(32).toString('base64')}`;
  const env = { ...variables, DATABASE_URL: urls.admin, MASTER_KEYS: keys };
  await run('apply', [script('admin/dist/apply.js'), '-f', config], env);
  return { urls, keys };
}

/**
 * A broker's database with the tenant of the benchmark.
 * @returns {Promise<{ env: Record<string, string>, client: import('pg').Client }>} env: what the broker starts with
 */
export async function prepareBroker({ stores, family, client, database }) {
  const { urls, keys } = await prepareDatabase({
    stores,
    family,
    database,
    config: join(root, 'tools/bench/bench.yaml'),
    variables: {
      BENCH_CLIENT_ID: client.id,
      BENCH_CLIENT_SECRET: client.secret,
      BENCH_BACKEND_ID: client.backend.id,
      BENCH_BACKEND_SECRET: client.backend.secret,
    },
  });
  const env = {
    DATABASE_URL: urls.broker,
    REDIS_URL: stores.redisUrl,
    MASTER_KEYS: keys,
    DATA_DIR: stores.directory,
    BROKER_URL: 'http://localhost',
    ALLOW_HTTP: '1',
    LOG_LEVEL: 'info',
  };
  return { env, client: await connect(stores.urlOf(database)) };
}
