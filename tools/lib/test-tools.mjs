import { findChromium, findGlewlwyd, findPython, findRedis } from './deb-tools.mjs';
import { say } from './problem.mjs';

/**
 * Finds or fetches what the tests need beyond npm, and hands it to them by environment: where it is, or why the
 * tests that need it are skipped. @returns {Promise<Record<string, string>>}
 */
export async function testEnvironment(env = process.env) {
  const [redis, chromium, python, glewlwyd] = await Promise.all([
    env.LINKBROKER_REDIS || env.TEST_REDIS_URL ? given : findRedis(),
    env.LINKBROKER_CHROMIUM ? given : findChromium(),
    env.LINKBROKER_PYTHON ? given : findPython(),
    env.LINKBROKER_GLEWLWYD ? given : findGlewlwyd(),
  ]);
  const handed = (finding, variables) => {
    if (finding.reason) say(`not to be had here: ${finding.reason}`);
    return finding.found ? variables(finding.found) : {};
  };
  return {
    ...handed(redis, (found) => ({
      LINKBROKER_REDIS: found.executablePath,
      LINKBROKER_REDIS_LIB: found.libraries,
    })),
    ...handed(chromium, (found) => ({
      LINKBROKER_CHROMIUM: found.executablePath,
      LINKBROKER_CHROMIUM_ENV: JSON.stringify(found.env),
    })),
    ...handed(python, (found) => ({
      LINKBROKER_PYTHON: found.python,
      LINKBROKER_PYTHON_ENV: JSON.stringify(found.env),
    })),
    ...handed(glewlwyd, (found) => ({
      LINKBROKER_GLEWLWYD: found.root,
      LINKBROKER_GLEWLWYD_ENV: JSON.stringify(found.env),
    })),
    ...(chromium.reason ? { LINKBROKER_SKIP_BROWSER: chromium.reason } : {}),
    ...(python.reason ? { LINKBROKER_SKIP_PYTHON: python.reason } : {}),
  };
}

/** The environment names it already. */
const given = { found: null, reason: null };
