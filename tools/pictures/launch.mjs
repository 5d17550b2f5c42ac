import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nx } from '../lib/build.mjs';
import { install } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { runFamily } from '../lib/run-family.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { testEnvironment } from '../lib/test-tools.mjs';
import { galleryOf } from '../lib/gallery.mjs';

const JEST = ['node_modules/jest/bin/jest.js', '--config', 'apps/e2e/jest.config.mjs', '--runInBand', '--forceExit'];
const SPECS = ['apps/e2e/src/console'];
const PICTURES = join(root, 'docs/images/console');
const PAGE = join(root, 'docs/console.md');

/**
 * `npm run pictures`: the console's browser tests once more, with a picture of every page at both widths, light and dark, for
 * `docs/console.md`, whose gallery is written anew.
 * @returns {Promise<number>} 0 where every test passed
 */
export function takePictures() {
  return runFamily(async (family) => {
    await install(family);
    const node = pinnedNode();
    const env = {
      ...pinnedEnvironment(),
      ...(await testEnvironment()),
      NX_DAEMON: 'false',
      LINKBROKER_PICTURES: PICTURES,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    };
    rmSync(PICTURES, { recursive: true, force: true });
    mkdirSync(PICTURES, { recursive: true });
    const { NODE_OPTIONS: _, ...plain } = env;
    const steps = [
      ['the build of the console', [nx(), 'build', 'console'], plain],
      ['the console', [...JEST, ...SPECS], env],
    ];
    for (const [what, args, environment] of steps) {
      const { code } = await family.run(what, node, args, { cwd: root, env: environment, show: true });
      if (code !== 0) return typeof code === 'number' ? code : 1;
    }
    writeFileSync(PAGE, galleryOf(readFileSync(PAGE, 'utf8'), readdirSync(PICTURES)));
    return 0;
  });
}
