import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { tellingLine } from '../lib/logs.mjs';
import { root } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { createFleet } from './fleet.mjs';
import { openStores } from './stores.mjs';
import { startUpstream } from './upstream/upstream.mjs';

const config = fileURLToPath(new URL('./chaos.yaml', import.meta.url));
const script = (path) => join(root, 'apps', path);
const secret = () => randomBytes(24).toString('base64url');

/** What Amazon's console and the skill's server know. */
function createClients() {
  const client = (id) => {
    const own = secret();
    return { id, secret: own, authorization: `Basic ${Buffer.from(`${id}:${own}`).toString('base64')}` };
  };
  return {
    alexa: client('alexa-chaos'),
    backend: client('backend-chaos'),
    redirectUri: 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
  };
}

/**
 * Everything of one run: stores, the upstream, two brokers and two workers, all on the loopback address and in a
 * directory of their own.
 */
export async function openWorld({ guard, family }) {
  const [stores, upstream] = await Promise.all([openStores(guard), startUpstream(guard)]);
  const clients = createClients();
  const { env, urls } = await prepare({ stores, family, clients, upstream });
  const fleet = await createFleet({
    guard,
    directory: stores.directory,
    envOf: (app) => ({ ...env, DATABASE_URL: urls[app] }),
    onPids: (pids) => upstream.set({ pids }),
  });
  fleet.all().forEach((one) => one.start());
  await fleet.ready();
  return {
    ...{ stores, upstream, fleet, clients },
    publicUrl: env.BROKER_URL,
    /** One statement as PostgreSQL's superuser, on a connection of its own: an earlier one may have been struck. */
    async sql(text, values = []) {
      const client = new pg.Client({
        connectionString: stores.postgres.urlOf('linkbroker'),
        query_timeout: 10_000,
        connectionTimeoutMillis: 10_000,
      });
      client.on('error', () => {});
      try {
        await client.connect();
        return (await client.query(text, values)).rows;
      } finally {
        await client.end().catch(() => {});
      }
    },
    async close() {
      await fleet.stop();
      await upstream.stop();
      await stores.close();
    },
  };
}

async function prepare({ stores, family, clients, upstream }) {
  const run = async (what, args, env) => {
    const { code, stdout, stderr } = await family.run(what, pinnedNode(), args, {
      cwd: root,
      env: { ...pinnedEnvironment(), ...env },
    });
    if (code !== 0) throw new Problem(`${what} failed: ${tellingLine(stderr.split('\n')) || `exit ${code}`}`);
    return stdout;
  };
  const MASTER_KEYS = `chaos:${randomBytes(32).toString('base64')}`;
  const url = stores.postgres.urlOf('linkbroker');
  const migrate = [script('admin/dist/migrate.js'), '--logins', 'chaos'];
  const { urls } = JSON.parse(await run('the migration', migrate, { MIGRATION_DATABASE_URL: url }));
  await run('apply', [script('admin/dist/apply.js'), '-f', config], {
    ...{ DATABASE_URL: urls.admin, MASTER_KEYS },
    CHAOS_UPSTREAM: upstream.url,
    CHAOS_UPSTREAM_SECRET: secret(),
    CHAOS_ALEXA_SECRET: clients.alexa.secret,
    CHAOS_BACKEND_SECRET: clients.backend.secret,
  });
  const env = {
    ...{ REDIS_URL: stores.redis.url, MASTER_KEYS, BROKER_URL: 'http://localhost', ALLOW_HTTP: '1', LOG_LEVEL: 'info' },
    EGRESS_ALLOW: `127.0.0.1/32:${upstream.port}`,
  };
  return { env, urls };
}
