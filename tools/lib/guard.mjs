import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signal, startTime } from './processes.mjs';

const script = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));

/** How a process is asked to end: signals with the patience each gets, in milliseconds. */
export const politely = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
];

/**
 * Starts the watchdog (see watchdog.mjs) and speaks to it. Stage 0 is stopped first.
 * @param {{ background?: boolean }} [options] background: do not keep this process alive for the watchdog's sake
 */
export function startGuard({ background = false } = {}) {
  const child = spawn(process.execPath, [script], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = new Promise((resolve) => child.once('close', resolve));
  // A failed spawn also ends in 'close'; without a listener 'error' would end this process.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  if (background) {
    child.unref();
    child.stdin.unref();
  }
  let released = false;
  const tell = (message) => child.stdin.writable && child.stdin.write(`${JSON.stringify(message)}\n`);
  return {
    child,
    /** @param {number} pid @param {{ stage?: number, steps?: typeof politely, group?: boolean }} [how] */
    watch(pid, { stage = 0, steps = politely, group = false } = {}) {
      // Started by work that was still under way when everything else had been stopped.
      if (released) signal(pid, 'SIGKILL');
      else tell({ watch: { pid, start: startTime(pid), stage, steps, group } });
    },
    forget: (pid) => tell({ forget: pid }),
    /** Deletes a directory at the end, whoever ends. */
    removeLater: (path) => tell({ remove: path }),
    /** Deletes a file at the end if it is a JSON object with this process's `pid`. */
    ownFile: (path) => tell({ ownFile: { path, pid: process.pid } }),
    /** Lets the watchdog stop what nobody stopped yet, and resolves when it is done and gone itself. */
    async release() {
      released = true;
      // In the background it did not hold this process; its end is waited for now.
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}
