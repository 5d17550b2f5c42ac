import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { root } from './paths.mjs';
import { Problem, say } from './problem.mjs';
import { pinnedEnvironment, pinnedNode } from './runtime.mjs';

/** The environment Nx runs in: no daemon that would outlive us, no full-screen display, nothing of an outer Nx. */
export function nxEnvironment() {
  const own = Object.entries(pinnedEnvironment()).filter(([name]) => !/^NX_/.test(name) || name === 'NX_PARALLEL');
  return { ...Object.fromEntries(own), NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };
}

/** @returns {string} the script of the `nx` command; where it lies changes between versions of its package */
export function nx() {
  const home = join(root, 'node_modules/nx');
  const description = join(home, 'package.json');
  if (!existsSync(description)) throw new Problem('nx is not in node_modules: run npm ci');
  return join(home, JSON.parse(readFileSync(description, 'utf8')).bin.nx);
}

/**
 * Builds what `up` starts; Nx does nothing for what has not changed. Its output is shown when it fails.
 * @param {ReturnType<typeof import('./children.mjs').createFamily>} family @param {string[]} apps @throws {Problem}
 */
export async function build(family, apps) {
  if (process.env.LINKBROKER_BUILT) return;
  say('building …');
  const began = Date.now();
  const args = [nx(), 'run-many', '-t', 'build', '-p', apps.join(','), '--outputStyle=static', '--skipSync'];
  const options = { cwd: root, env: nxEnvironment(), waiting: 'building …' };
  await withLock(join(root, '.cache/build.lock'), async () => {
    const { code, stdout, stderr } = await family.run('the build', pinnedNode(), args, options);
    if (code === 0) return;
    process.stderr.write(`${stdout}${stderr}\n`);
    throw new Problem(`the build failed (${typeof code === 'number' ? `exit code ${code}` : code}), see above`);
  });
  say(`built in ${Math.round((Date.now() - began) / 1_000)} s`);
}
