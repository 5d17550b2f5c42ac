import { findChromium, findPythonClient, findRedis } from './deb-tools.mjs';
import { say } from './problem.mjs';

/**
 * Finds or fetches what the tests need beyond npm, and hands it to them by environment: where it is, or why the
 * tests that need it are skipped. @returns {Promise<Record<string, string>>}
 */
export async function testEnvironment(env = process.env) {
  const [redis, chromium, python] = await Promise.all([
    env.LINKBROKER_REDIS || env.TEST_REDIS_URL ? given : findRedis(),
    env.LINKBROKER_CHROMIUM ? given : findChromium(),
    env.LINKBROKER_PYTHON ? given : findPythonClient(),
  ]);
  for (const { reason } of [redis, chromium, python]) if (reason) say(`not to be had here: ${reason}`);
  return {
    ...(redis.found
      ? { LINKBROKER_REDIS: redis.found.executablePath, LINKBROKER_REDIS_LIB: redis.found.libraries }
      : {}),
    ...named('CHROMIUM', chromium.found?.executablePath, chromium.found?.env),
    ...named('PYTHON', python.found?.python, python.found?.env),
    ...(chromium.reason ? { LINKBROKER_SKIP_BROWSER: chromium.reason } : {}),
    ...(python.reason ? { LINKBROKER_SKIP_PYTHON: python.reason } : {}),
  };
}

/** The environment names it already. */
const given = { found: null, reason: null };

const named = (name, path, env) =>
  path ? { [`LINKBROKER_${name}`]: path, [`LINKBROKER_${name}_ENV`]: JSON.stringify(env) } : {};
