import { fileURLToPath } from 'node:url';
import { build } from '../lib/build.mjs';
import { install } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { Problem, report } from '../lib/problem.mjs';
import { runFamily } from '../lib/run-family.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { readBenchOptions } from './options.mjs';

const script = fileURLToPath(new URL('./main.mjs', import.meta.url));

/**
 * `npm run bench`: installs and builds as `npm run up` does, then runs the benchmark on the pinned Node.
 * @param {string[]} args @returns {Promise<number>} 0 measured and, in a full run, every target met; 1 otherwise
 */
export async function launchBench(args) {
  try {
    readBenchOptions(args);
    if (process.platform !== 'linux') throw new Problem('the benchmark reads /proc and runs on Linux only');
  } catch (error) {
    return report(error);
  }
  return runFamily((family) => everything(family, args));
}

async function everything(family, args) {
  await install(family);
  await build(family, ['broker', 'admin']);
  const options = { cwd: root, env: pinnedEnvironment(), show: true };
  const { code } = await family.run('the benchmark', pinnedNode(), [script, ...args], options);
  return typeof code === 'number' ? code : 1;
}
