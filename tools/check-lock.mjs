import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';

/**
 * Fails when package-lock.json lacks what `npm ci` will ask for: an entry for each workspace, and for each optional
 * platform package of anything in it. Registries serve such families out of step; `npm install` then succeeds on the
 * machine at hand and `npm ci` fails everywhere.
 */
const file = process.argv[2] ?? join(root, 'package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8'));

/** npm looks beside the package and then upwards, as Node does. */
function resolves(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies)
    .filter((name) => !resolves(path, name))
    .map((name) => `${name} (optional, wanted by ${path || 'the root'})`),
);

for (const folder of (packages['']?.workspaces ?? []).map((pattern) => pattern.replace(/\/\*$/, ''))) {
  for (const { name } of readdirSync(join(root, folder), { withFileTypes: true }).filter((one) => one.isDirectory())) {
    if (!packages[`${folder}/${name}`]) missing.push(`${folder}/${name} (workspace)`);
  }
}

for (const line of missing) process.stderr.write(`package-lock.json has no entry for ${line}\n`);
if (missing.length === 0)
  process.stdout.write(`package-lock.json is complete: ${Object.keys(packages).length} packages\n`);
process.exitCode = missing.length === 0 ? 0 : 1;
