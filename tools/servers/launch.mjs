import { install } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { runFamily } from '../lib/run-family.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { testEnvironment } from '../lib/test-tools.mjs';

const JEST = ['node_modules/jest/bin/jest.js', '--config', 'apps/e2e/jest.config.mjs'];
const SPECS = ['apps/e2e/src/howto.spec.ts', 'apps/e2e/src/servers.spec.ts'];

/**
 * `npm run servers`: the whole doctor against the examples of docs/howto and servers that nobody here wrote, where
 * `npm test` looks at a part of what takes long. Reports are left in `tmp/doctor`.
 * @returns {Promise<number>} 0 where every server was found to be as expected
 */
export function launchServers() {
  return runFamily(async (family) => {
    await install(family);
    const env = {
      ...pinnedEnvironment(),
      ...(await testEnvironment()),
      LINKBROKER_SERVERS: 'all',
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    };
    const { code } = await family.run('the servers', pinnedNode(), [...JEST, ...SPECS], { cwd: root, env, show: true });
    return typeof code === 'number' ? code : 1;
  });
}
