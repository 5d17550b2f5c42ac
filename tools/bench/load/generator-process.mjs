import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../lib/problem.mjs';
import { pinnedNode } from '../../lib/runtime.mjs';

const script = fileURLToPath(new URL('./generator.mjs', import.meta.url));

/** Starts the load generator. @returns {Promise<{ pid: number, run: Function, stop: () => void }>} */
export async function startGenerator(guard) {
  const { run, ...rest } = await startTaskProcess({ guard, script, name: 'the load generator' });
  return {
    ...rest,
    /**
     * @param {'refreshClosedLoop' | 'refreshOpenLoop' | 'exchangeCodes' | 'exchangeTokens'} kind
     * @throws {Problem} for any wrong answer
     */
    async run(kind, task) {
      const { result, error } = await run({ kind, task });
      if (error) throw new Problem(`${kind} on port ${task.target.port}: ${error}`);
      return result;
    },
  };
}

/**
 * Starts a process that says when it is ready, takes one task at a time over IPC and answers `{ result }` or `{ error }`.
 * @param {{ guard: ReturnType<typeof import('../../lib/guard.mjs').startGuard>, script: string, name: string, env?: Record<string, string> }} options
 */
export async function startTaskProcess({ guard, script, name, env = {} }) {
  const options = { execPath: pinnedNode(), execArgv: [], detached: true, env: { ...process.env, ...env } };
  const child = fork(script, options);
  guard.watch(child.pid, { group: true });
  let settle = null;
  const answer = (reply) => {
    settle?.(reply);
    settle = null;
  };
  child.on('message', answer);
  child.on('exit', () => answer({ error: `${name} died` }));
  const next = () => new Promise((resolve) => (settle = resolve));
  const { error } = await next();
  if (error) throw new Problem(error);
  return {
    pid: child.pid,
    run(task) {
      const done = next();
      child.send(task);
      return done;
    },
    stop() {
      if (child.connected) child.disconnect();
    },
  };
}
