import { fileURLToPath } from 'node:url';
import { build } from '../lib/build.mjs';
import { install } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { Problem, report } from '../lib/problem.mjs';
import { runFamily } from '../lib/run-family.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { readChaosOptions } from './options.mjs';

const script = fileURLToPath(new URL('./main.mjs', import.meta.url));

/**
 * `npm run chaos`: installs and builds as `npm run up` does, then breaks things on the pinned Node.
 * @param {string[]} args @returns {Promise<number>} 0 when every promise held, 1 otherwise
 */
export async function launchChaos(args) {
  try {
    readChaosOptions(args);
    if (process.platform !== 'linux') throw new Problem('chaos reads /proc and runs on Linux only');
  } catch (error) {
    return report(error);
  }
  return runFamily((family) => everything(family, args));
}

async function everything(family, args) {
  await install(family);
  await build(family, ['broker', 'worker', 'admin']);
  const options = { cwd: root, env: pinnedEnvironment(), show: true };
  const { code } = await family.run('chaos', pinnedNode(), [script, ...args], options);
  return typeof code === 'number' ? code : 1;
}
