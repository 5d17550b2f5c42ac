import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory, root } from './paths.mjs';
import { Problem } from './problem.mjs';
import { readRunFile } from './run-file.mjs';
import { pinnedEnvironment, pinnedNode } from './runtime.mjs';

/** What running-up commands answer when there is nothing to talk to. */
const unreachable = 2;

/**
 * The environment of the `up` that runs on this DATA_DIR, under what the caller set.
 * @param {string} variable the one that makes a running `up` needless
 * @throws {Problem} with exit code 2 when there is neither
 */
export function runningEnvironment(variable, env = process.env) {
  const dataDir = dataDirectory(env);
  const run = readRunFile(dataDir);
  if (!run && !env[variable]) {
    throw new Problem(`no up is running on ${dataDir}: start one with npm run up, or set ${variable}`, unreachable);
  }
  const set = Object.entries(pinnedEnvironment(env)).filter(([, value]) => value !== '');
  return { ...run?.env, ...Object.fromEntries(set), DATA_DIR: dataDir };
}

/** Runs a built program in the foreground, passes signals on, and gives its exit code. @returns {Promise<number>} */
export function runBuilt(path, args, { env, cwd = root }) {
  const script = join(root, 'apps', path);
  if (!existsSync(script)) throw new Problem(`apps/${path} is not built: run npm run up first`, unreachable);
  const child = spawn(pinnedNode(), [script, ...args], { env, cwd, stdio: 'inherit' });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Problem(`${path} could not be started: ${error.message}`)));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
