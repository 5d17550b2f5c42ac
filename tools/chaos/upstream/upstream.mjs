import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pinnedNode } from '../../lib/runtime.mjs';
import { endChild } from '../../lib/store-process.mjs';

const script = fileURLToPath(new URL('./server.mjs', import.meta.url));

/** Starts the upstream's process and speaks to it. */
export async function startUpstream(guard) {
  const child = spawn(pinnedNode(), [script], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  guard.watch(child.pid, { group: true });
  const [{ port }] = await once(child, 'message');
  const struck = new Map();
  child.on('message', (message) => message.struck && struck.get(message.struck.id)?.(message.struck));
  let strikes = 0;
  return {
    pid: child.pid,
    port,
    url: `http://127.0.0.1:${port}`,
    /** How it behaves from now on. */
    set: (set) => child.send({ set }),
    /**
     * Waits for the next refresh that is answered, and strikes right then.
     * @param {{ freeze?: number, signal?: string, afterMs?: number }} strike freeze: a pid, stopped before the answer
     *   leaves; signal: what its owner gets after it
     * @returns {Promise<{ owner: number, at: number } | null>} null when none came in time
     */
    strikeAtAnswer(strike, patienceMs) {
      const id = (strikes += 1);
      child.send({ set: { strike: { ...strike, id } } });
      return new Promise((resolve) => {
        const late = setTimeout(() => {
          child.send({ set: { strike: null } });
          // One that is under way is still told of.
          setTimeout(() => struck.delete(id) && resolve(null), 100);
        }, patienceMs);
        struck.set(id, (told) => {
          clearTimeout(late);
          struck.delete(id);
          resolve(told);
        });
      });
    },
    async report() {
      const told = new Promise((resolve) => {
        const hear = ({ report }) => {
          if (!report) return;
          child.off('message', hear);
          resolve(report);
        };
        child.on('message', hear);
      });
      child.send({ report: true });
      return told;
    },
    async stop() {
      await endChild(child, [['SIGKILL', 5_000]]);
      guard.forget(child.pid);
    },
  };
}
