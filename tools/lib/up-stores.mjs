import { startPostgres } from './postgres.mjs';
import { say } from './problem.mjs';
import { startRedis } from './redis.mjs';

/**
 * The stores that the environment names, else embedded ones, which the family then looks after.
 * @returns {Promise<{ redisUrl: string, databaseEnv: Record<string, string | undefined> }>} databaseEnv: for the migration
 */
export async function upStores({ dataDir }, { family, guard }, env = process.env) {
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = env;
  const databaseEnv = { DATABASE_URL, MIGRATION_DATABASE_URL };
  if (!DATABASE_URL && !MIGRATION_DATABASE_URL) {
    say('starting PostgreSQL …');
    const server = await startPostgres({ dataDir, guard });
    family.adopt(server);
    databaseEnv.MIGRATION_DATABASE_URL = server.url.replace(/\/postgres$/, '/linkbroker');
  }
  if (env.REDIS_URL) return { redisUrl: env.REDIS_URL, databaseEnv };
  say('starting Redis …');
  const redis = await startRedis({ dataDir, guard });
  family.adopt(redis);
  return { redisUrl: redis.url, databaseEnv };
}
