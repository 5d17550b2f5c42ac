import { fileURLToPath } from 'node:url';
import { build } from '../lib/build.mjs';
import { install } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { Problem, report } from '../lib/problem.mjs';
import { runFamily } from '../lib/run-family.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { readBenchOptions } from './options.mjs';

/**
 * `npm run bench`: installs and builds as `npm run up` does, then runs the benchmark on the pinned Node.
 * @param {string[]} args @returns {Promise<number>} 0 measured and, in a full run, every target met; 1 otherwise
 */
export function launchBench(args) {
  const script = fileURLToPath(new URL('./main.mjs', import.meta.url));
  return launchMeasurement({ what: 'the benchmark', script, apps: ['broker', 'admin'], check: readBenchOptions }, args);
}

/**
 * Runs a script that measures what is built, on the pinned Node.
 * @param {{ what: string, script: string, apps: string[], check: (args: string[]) => unknown }} measurement check throws
 *   a Problem for arguments that are wrong, before anything is installed
 * @param {string[]} args @returns {Promise<number>} the script's exit code
 */
export async function launchMeasurement({ what, script, apps, check }, args) {
  try {
    check(args);
    if (process.platform !== 'linux') throw new Problem(`${what} reads /proc and runs on Linux only`);
  } catch (error) {
    return report(error);
  }
  return runFamily(async (family) => {
    await install(family);
    await build(family, apps);
    const options = { cwd: root, env: pinnedEnvironment(), show: true };
    const { code } = await family.run(what, pinnedNode(), [script, ...args], options);
    return typeof code === 'number' ? code : 1;
  });
}
