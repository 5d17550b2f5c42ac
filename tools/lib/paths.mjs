import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this file lies in, whatever the caller's working directory is. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where `npm run` was called; npm itself moves to the checkout before it starts a script. */
export const callerDirectory = (env = process.env) => env.INIT_CWD ?? process.cwd();

/** DATA_DIR, absolute. A relative one belongs to the checkout, so that every command finds the same one. */
export function dataDirectory(env = process.env) {
  const wanted = env.DATA_DIR || '.data';
  return isAbsolute(wanted) ? wanted : join(root, wanted);
}

/** Downloads that may be thrown away at any time. */
export const cacheDirectory = (env = process.env) => resolve(root, env.LINKBROKER_CACHE || '.cache');
