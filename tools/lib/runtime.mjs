import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from './paths.mjs';
import { Problem } from './problem.mjs';

/**
 * The Node that the product and its tooling run on: the one pinned in the lock file, else this one if it is new
 * enough (undici needs 22.19). @returns {string} its path @throws {Problem}
 */
export function pinnedNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath;
  throw new Problem(
    `Node ${process.versions.node} cannot run Linkbroker and npm brings no other for ${process.platform}-${process.arch}: ` +
      'install Node 22.19 or later',
  );
}

/**
 * Flags of every long-running Node process. A young generation of the default size grows to a hundred megabytes under
 * load, and the old one to three times what lives in it: a request leaves little behind, so neither buys anything. And one
 * thread is enough to mark it: Node's four take the processors from whoever answers, and from PostgreSQL beside it.
 */
export const serviceFlags = ['--max-semi-space-size=8', '--heap-growing-percent=40', '--v8-pool-size=1'];

/** Their environment: glibc would give each of Node's threads a heap of its own, and keep what they do not use. */
export const serviceEnvironment = { MALLOC_ARENA_MAX: '1' };

/** The PATH without what npm put in front of it, which lies in node_modules and may be about to change. */
export function machinePath(env = process.env) {
  const own = /[/\\]node_modules[/\\]/;
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((one) => one && !own.test(`${one}/`))
    .join(delimiter);
}

/** The environment in which `node` means the pinned one, also for programs started by programs. */
export function pinnedEnvironment(env = process.env) {
  const path = [dirname(pinnedNode()), join(root, 'node_modules/.bin'), machinePath(env)].join(delimiter);
  return { ...env, PATH: path };
}
