import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, say } from './problem.mjs';

/**
 * MASTER_KEYS from the environment, else from DATA_DIR, else new ones — but never for a database that already holds
 * data: what is sealed in it would be lost for good.
 * @param {{ dataDir: string, holdsData: boolean, env?: NodeJS.ProcessEnv }} options @throws {Problem}
 */
export function masterKeys({ dataDir, holdsData, env = process.env }) {
  if (env.MASTER_KEYS) return env.MASTER_KEYS;
  const file = join(dataDir, 'master-keys');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (holdsData) {
    throw new Problem(
      `the database holds data sealed with other keys: set MASTER_KEYS to them, or put them back into ${file}`,
    );
  }
  const keys = `k1:${randomBytes(32).toString('base64')}`;
  writeFileSync(file, `${keys}\n`, { mode: 0o600, flag: 'wx' });
  say(`new MASTER_KEYS are in ${file}: keep a copy, without them the data cannot be read`);
  return keys;
}

/** The demo's secrets, made once per DATA_DIR; those set in the environment win. @returns {Record<string, string>} */
export function demoSecrets(dataDir, env = process.env) {
  const names = ['DEMO_UPSTREAM_SECRET', 'DEMO_SKILL_SECRET', 'DEMO_BACKEND_SECRET'];
  const file = join(dataDir, 'demo-secrets.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const made = Object.fromEntries(names.map((name) => [name, kept[name] ?? randomBytes(24).toString('base64url')]));
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return Object.fromEntries(names.map((name) => [name, env[name] || made[name]]));
}

/** By which the admin app hands skills to the simulator; made once per DATA_DIR. */
export function simulatorKey(dataDir) {
  const file = join(dataDir, 'simulator-key');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Two `up` on one database server must not take each other's login roles: each DATA_DIR has names of its own. */
export function loginSuffix(dataDir) {
  const file = join(dataDir, 'login-suffix');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(4).toString('hex')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
