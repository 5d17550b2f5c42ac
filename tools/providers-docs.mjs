import './lib/node-version.mjs';

/** `npm run docs:providers`: builds the catalogue and writes docs/providers.md from it. */
const { spawnSync } = await import('node:child_process');
const { writeFileSync } = await import('node:fs');
const { join } = await import('node:path');
const { pinnedNode } = await import('./lib/runtime.mjs');
const { root } = await import('./lib/paths.mjs');
const { providersFile, providersPage } = await import('./providers-page.mjs');

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const build = [tsc, '-b', 'libs/providers/tsconfig.build.json'];
const { status } = spawnSync(pinnedNode(), build, { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(1);
const { CATALOGUE, upstreamModeRefusal } = await import('../libs/providers/dist/index.js');
writeFileSync(providersFile, await providersPage(CATALOGUE, upstreamModeRefusal));
