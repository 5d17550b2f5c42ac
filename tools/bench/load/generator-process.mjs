import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../lib/problem.mjs';
import { pinnedNode } from '../../lib/runtime.mjs';

const script = fileURLToPath(new URL('./generator.mjs', import.meta.url));

/** Starts the load generator. @returns {Promise<{ pid: number, run: Function, stop: () => void }>} */
export async function startGenerator(guard) {
  const child = fork(script, { execPath: pinnedNode(), execArgv: [], detached: true });
  guard.watch(child.pid, { group: true });
  let settle = null;
  const answer = (reply) => {
    settle?.(reply);
    settle = null;
  };
  child.on('message', answer);
  child.on('exit', () => answer({ error: 'the load generator died' }));
  const next = () => new Promise((resolve) => (settle = resolve));
  await next();
  return {
    pid: child.pid,
    /**
     * @param {'refreshClosedLoop' | 'refreshOpenLoop' | 'exchangeCodes' | 'exchangeTokens'} kind
     * @throws {Problem} for any wrong answer
     */
    async run(kind, task) {
      const done = next();
      child.send({ kind, task });
      const { result, error } = await done;
      if (error) throw new Problem(`${kind} on port ${task.target.port}: ${error}`);
      return result;
    },
    stop() {
      if (child.connected) child.disconnect();
    },
  };
}
