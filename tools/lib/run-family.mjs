import { createFamily } from './children.mjs';
import { startGuard } from './guard.mjs';
import { report, say } from './problem.mjs';
import { stopRequest } from './stop-request.mjs';

/**
 * Runs a command that starts processes and ends: whatever ends it, a signal, a crash or its own work, nothing is left.
 * @param {(family: ReturnType<typeof createFamily>, guard: ReturnType<typeof startGuard>) => Promise<number>} work @returns {Promise<number>} the exit code
 */
export async function runFamily(work) {
  const stop = stopRequest();
  const guard = startGuard();
  const family = createFamily(guard);
  let code;
  try {
    const ended = stop.then(({ why, code: by }) => {
      say(`stopping (${why}) …`);
      return by;
    });
    code = await Promise.race([ended, family.crashed, work(family, guard)]);
  } catch (error) {
    code = report(error);
  }
  await family.stop();
  await guard.release();
  return code;
}
