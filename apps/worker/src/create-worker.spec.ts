import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { eventually, noteSecret, watchedLog } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { createWorker, readWorkerEnvironment } from './index.js';

let database: ScratchDatabase;
beforeAll(async () => {
  database = await createScratchDatabase();
});
afterAll(() => database.close());

/** A queue of its own: the workers of other specs would take its turns for their databases. */
const redisUrl = (): string => Object.assign(new URL(process.env['TEST_REDIS_URL'] ?? ''), { pathname: '/2' }).href;

const env = () =>
  readWorkerEnvironment({
    DATABASE_URL: database.urls.worker,
    REDIS_URL: redisUrl(),
    METRICS_PORT: '0',
    MASTER_KEYS: `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`,
  });

/** A grant whose code nobody redeemed. */
async function pendingGrant(expiredHoursAgo: number): Promise<void> {
  const [tenant, skill, connector, set, link] = Array.from({ length: 5 }, () => randomUUID());
  const { sql } = database;
  await sql(`INSERT INTO linkbroker.tenants (id, slug, name) VALUES ($1, $2, 'T')`, [tenant, tenant]);
  await sql(
    `INSERT INTO linkbroker.skills (id, tenant_id, slug, name, redirect_uris, grant_types, scopes, pkce, access_token_ttl) VALUES ($1, $2, 's', 'S', '{}', '{}', '{}', 'optional', 3600)`,
    [skill, tenant],
  );
  await sql(
    `INSERT INTO linkbroker.connectors (id, tenant_id, slug, name, provider, issuer, client_id, client_secret, scopes) VALUES ($1, $2, 'c', 'C', 'oidc', 'i', 'c', '', '{}')`,
    [connector, tenant],
  );
  await sql(
    `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at) VALUES ($1, $2, $3, 's', '{}', false, 1, 1, '', now())`,
    [set, tenant, connector],
  );
  await sql(
    `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, 's', $5)`,
    [link, tenant, skill, connector, set],
  );
  await sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_hash, redirect_uri, scopes) VALUES ($1, $2, $3, $4, now(), now() - make_interval(hours => $5), $6, 'r', '{}')`,
    [randomUUID(), tenant, skill, link, expiredHoursAgo, randomBytes(32)],
  );
}

test('the worker removes expired pending grants by itself, keeps recent ones, and is ready', async () => {
  await pendingGrant(3);
  await pendingGrant(0);
  const worker = await createWorker(
    env(),
    createLogger({ app: 'worker', level: 'info', destination: watchedLog('worker') }),
  );
  try {
    const count = async () =>
      Number((await database.sql<{ count: string }>('SELECT count(*) FROM linkbroker.grants'))[0]?.count);
    await eventually('one grant to be left', async (saw) => saw(await count()) === 1, 10_000);
    await database.sql(`UPDATE linkbroker.upstream_token_sets SET state = 'at_risk'`);
    const tenants = await database.sql<{ slug: string }>('SELECT slug FROM linkbroker.tenants');
    for (const { slug } of tenants) {
      const line = `linkbroker_unwell_token_sets{tenant="${slug}",connector="c",state="at_risk"} 1`;
      expect(await worker.needs.metrics.registry.metrics()).toContain(line);
    }
    for (const { check } of worker.needs.checks) expect(await check()).toBeUndefined();
  } finally {
    await worker.close();
  }
});

test('does not start as a role that row-level security does not bind', async () => {
  const logger = createLogger({ app: 'worker', level: 'info', destination: watchedLog('worker') });
  await expect(createWorker({ ...env(), DATABASE_URL: database.superuserUrl }, logger)).rejects.toThrow(
    /row-level security/,
  );
});
