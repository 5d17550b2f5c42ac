import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createFamily } from './children.mjs';
import { startGuard } from './guard.mjs';
import { takeLock } from './lock.mjs';
import { Problem, report, say } from './problem.mjs';
import { removeRunFile, runFilePath } from './run-file.mjs';
import { stopRequest } from './stop-request.mjs';
import { bringUp } from './up-sequence.mjs';
import { readSettings } from './up-settings.mjs';

/**
 * `npm run up`: starts everything, prints READY, stays, and stops everything it started, whatever ends it.
 * @param {string[]} args @returns {Promise<number>} the exit code
 */
export async function up(args) {
  const stop = stopRequest();
  let settings;
  let lock;
  try {
    settings = readSettings(args);
    lock = takeDataDirectory(settings);
  } catch (error) {
    return report(error);
  }
  const { dataDir } = settings;
  const guard = startGuard();
  [runFilePath(dataDir), lock].forEach((file) => guard.ownFile(file));
  const family = createFamily(guard);
  const code = await run({ settings, family, guard, stop });
  await family.stop();
  removeRunFile(dataDir);
  rmSync(lock, { force: true });
  await guard.release();
  return code;
}

function takeDataDirectory({ dataDir }) {
  const lock = join(dataDir, 'up.lock');
  const owner = takeLock(lock);
  if (owner === null) return lock;
  throw new Problem(`${dataDir} is in use by a running up (process ${owner}): stop it, or set DATA_DIR`);
}

/** @returns {Promise<number>} resolves when it is time to stop */
async function run({ settings, family, guard, stop }) {
  let ready = false;
  const stays = async () => {
    await bringUp(settings, { family, guard });
    ready = true;
    return await new Promise(() => {});
  };
  const work = stays();
  // After a stop request the rest of the sequence fails as its processes are ended; nobody waits for it then.
  work.catch(() => {});
  try {
    const { why, code } = await Promise.race([stop, work, family.crashed]);
    say(`stopping (${why}) …`);
    return ready ? 0 : code;
  } catch (error) {
    return report(error);
  }
}
