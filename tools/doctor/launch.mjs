import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from '../lib/build.mjs';
import { findChromium } from '../lib/deb-tools.mjs';
import { install } from '../lib/install.mjs';
import { callerDirectory } from '../lib/paths.mjs';
import { report } from '../lib/problem.mjs';
import { runFamily } from '../lib/run-family.mjs';
import { runBuilt } from '../lib/running.mjs';
import { pinnedEnvironment } from '../lib/runtime.mjs';

/**
 * `npm run doctor`: installs and builds what it needs, finds a Chromium unless the target's login is a command, and runs
 * where the caller stands. Standard output is the report's alone.
 * @param {string[]} args @returns {Promise<number>} the exit code: 0, 1, or 2 when it could not run
 */
export async function launchDoctor(args) {
  const prepared = await runFamily(async (family) => {
    await install(family);
    await build(family, ['doctor-cli']);
    return 0;
  });
  if (prepared !== 0) return 2;
  try {
    const env = { ...pinnedEnvironment(), ...(await chromiumVariables(args)) };
    return await runBuilt('doctor/dist/main.js', args, { env, cwd: callerDirectory() });
  } catch (error) {
    report(error);
    return 2;
  }
}

/** Nothing for a command, for a Chromium that is named already, and where there is none: the program says so then. */
async function chromiumVariables(args) {
  if (process.env.LINKBROKER_CHROMIUM || !needsBrowser(args)) return {};
  const { found } = await findChromium();
  if (!found) return {};
  return { LINKBROKER_CHROMIUM: found.executablePath, LINKBROKER_CHROMIUM_ENV: JSON.stringify(found.env) };
}

function needsBrowser(args) {
  if (args.some((one) => one === '--har' || one.startsWith('--har='))) return false;
  const at = args.findIndex((one) => one === '--target' || one.startsWith('--target='));
  const file = args[at]?.split(/=(.*)/s)[1] ?? args[at + 1];
  if (at < 0 || !file) return false;
  try {
    const { login } = JSON.parse(readFileSync(resolve(callerDirectory(), file), 'utf8'));
    return !(Array.isArray(login) ? login[0] : login)?.command;
  } catch {
    // The program itself says what is wrong with the file.
    return false;
  }
}
