import { startGuard } from '../lib/guard.mjs';
import { startEphemeralPostgres } from '../lib/postgres.mjs';
import { startEphemeralRedis } from '../lib/redis.mjs';

/**
 * Jest globalSetup: a PostgreSQL and a Redis of this run's own, thrown away after it, unless the environment
 * names others. TEST_DATABASE_URL is a superuser's, database `postgres`.
 */
export default async function startStores() {
  const stores = [];
  const guard = startGuard({ background: true });
  globalThis[Symbol.for('linkbroker.test-stores')] = { guard, stores };
  const start = async (variable, make) => {
    if (process.env[variable]) return;
    const store = await make({ guard });
    // Jest ends by itself only when nothing of ours holds its event loop; stopping is stop-stores' work.
    store.child.unref();
    stores.push(store);
    process.env[variable] = store.url;
  };
  await Promise.all([start('TEST_DATABASE_URL', startEphemeralPostgres), start('TEST_REDIS_URL', startEphemeralRedis)]);
}
