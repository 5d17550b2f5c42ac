import { fileURLToPath } from 'node:url';
import { build } from '../lib/build.mjs';
import { createFamily } from '../lib/children.mjs';
import { startGuard } from '../lib/guard.mjs';
import { install } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { Problem, report, say } from '../lib/problem.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { stopRequest } from '../lib/stop-request.mjs';
import { readBenchOptions } from './options.mjs';

const script = fileURLToPath(new URL('./main.mjs', import.meta.url));

/**
 * `npm run bench`: installs and builds as `npm run up` does, then runs the benchmark on the pinned Node.
 * @param {string[]} args @returns {Promise<number>} 0 measured and, in a full run, every target met; 1 otherwise
 */
export async function launchBench(args) {
  const stop = stopRequest();
  try {
    readBenchOptions(args);
    if (process.platform !== 'linux') throw new Problem('the benchmark reads /proc and runs on Linux only');
  } catch (error) {
    return report(error);
  }
  const guard = startGuard();
  const family = createFamily(guard);
  let code;
  try {
    const ended = stop.then(({ why, code: by }) => {
      say(`stopping (${why}) …`);
      return by;
    });
    code = await Promise.race([ended, family.crashed, everything(family, args)]);
  } catch (error) {
    code = report(error);
  }
  await family.stop();
  await guard.release();
  return code;
}

async function everything(family, args) {
  await install(family);
  await build(family, ['broker', 'admin']);
  const options = { cwd: root, env: pinnedEnvironment(), show: true };
  const { code } = await family.run('the benchmark', pinnedNode(), [script, ...args], options);
  return typeof code === 'number' ? code : 1;
}
