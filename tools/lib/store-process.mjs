import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, openLog } from './logs.mjs';
import { freePort } from './ports.mjs';
import { Problem } from './problem.mjs';
import { signal } from './processes.mjs';

/**
 * @typedef {object} StoreKind
 * @property {string} name for people
 * @property {string} logFile
 * @property {ReturnType<typeof import('./guard.mjs').startGuard>} guard
 * @property {Array<[signal: string, milliseconds: number]>} steps how it is asked to end
 * @property {(port: number, log: number) => import('node:child_process').ChildProcess} launch
 * @property {(port: number) => Promise<boolean>} isReady
 * @property {RegExp} telling lines of its log that say why it ended
 * @property {RegExp} transient log lines after which another attempt (on another port) may work
 * @property {number} patience milliseconds; recovery after a crash takes its time
 */

/**
 * Starts a store on a free port of the loopback address and waits until it answers.
 * @param {StoreKind} kind @throws {Problem}
 */
export async function startStore(kind) {
  const { name, logFile, guard, steps } = kind;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const log = openLog(logFile);
    const child = kind.launch(port, log);
    closeSync(log);
    if (child.pid) guard.watch(child.pid, { stage: 1, steps });
    const stop = async () => {
      await endChild(child, steps);
      if (child.pid) guard.forget(child.pid);
    };
    const failure = await waitUntilReady(child, port, kind);
    if (failure === null) return { name, child, port, logFile, stop };
    await stop();
    // Somebody may take the port between our look and the store's, and dying backends hold memory for a moment.
    if (attempt === 4 || !lastLines(logFile, 20).some((line) => kind.transient.test(line))) {
      throw new Problem(`${name} did not start: ${failure} (log: ${logFile})`);
    }
    await delay(100 * attempt);
  }
}

const hasEnded = (child) => !child.pid || child.exitCode !== null || child.signalCode !== null;

/** @returns {Promise<string | null>} null when it is ready, else why not */
async function waitUntilReady(child, port, { logFile, isReady, telling, patience }) {
  let failed = null;
  child.once('error', (error) => (failed = error.message));
  const end = Date.now() + patience;
  while (Date.now() < end) {
    await delay(20);
    if (failed) return failed;
    if (hasEnded(child)) {
      const why = lastLines(logFile, 20).filter((line) => telling.test(line));
      return why.at(-1) ?? `exit ${child.exitCode ?? child.signalCode}`;
    }
    if (await isReady(port)) return null;
  }
  return `no answer within ${patience / 1_000} s`;
}

/** Ends a child of this process: each signal in turn, each with its patience in milliseconds. */
export async function endChild(child, steps) {
  for (const [name, patience] of steps) {
    if (hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once('exit', () => resolve(true)));
    signal(child.pid, name);
    const timer = new AbortController();
    const late = delay(patience, false, { signal: timer.signal }).catch(() => false);
    const done = await Promise.race([ended, late]);
    timer.abort();
    if (done) return;
  }
}
