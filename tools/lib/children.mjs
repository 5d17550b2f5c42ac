import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { politely } from './guard.mjs';
import { lastLines, openLog, tellingLine } from './logs.mjs';
import { Problem, say } from './problem.mjs';
import { signal } from './processes.mjs';
import { endChild } from './store-process.mjs';

/** An application gives itself 9 s to finish what it accepted; a little more than that before it is killed. */
const servicePatience = [
  ['SIGTERM', 12_000],
  ['SIGKILL', 5_000],
];

/**
 * All processes of one launcher. Each is the leader of a group of its own: a terminal's Ctrl-C reaches only the
 * launcher, which stops them in the right order, and what a tool started dies with the tool.
 * @param {ReturnType<typeof import('./guard.mjs').startGuard>} guard
 */
export function createFamily(guard) {
  const tools = new Map();
  const services = [];
  const stores = [];
  let stopping = false;
  let crash;
  const crashed = new Promise((_, reject) => (crash = reject));
  // Whoever waits for it handles it; before that it must not count as unhandled.
  crashed.catch(() => {});
  const dies = (message) => !stopping && crash(new Problem(message));
  guard.child.once('exit', () => dies('the watchdog process died'));

  return {
    /** Rejects with one clear line when a process that should stay dies. */
    crashed,
    /** Runs a program to its end; see runTool. */
    run: (name, command, args, options = {}) => {
      if (stopping) throw new Problem('stopping');
      return runTool({ name, command, args, guard, tools, isStopping: () => stopping, ...options });
    },
    /** Starts a Node program that stays, with an IPC channel whose end tells it that the launcher is gone. */
    serve(name, command, args, { env, cwd, logs }) {
      if (stopping) throw new Problem('stopping');
      const out = join(logs, `${name}.log`);
      const errors = join(logs, `${name}.err.log`);
      const files = [openLog(out), openLog(errors)];
      const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', ...files, 'ipc'] });
      files.forEach((file) => closeSync(file));
      if (child.pid) guard.watch(child.pid, { group: true });
      child.once('error', (error) => dies(`${name} could not be started: ${error.message}`));
      child.once('exit', (code, by) => dies(deathOf(name, by ?? `exit code ${code}`, { out, errors })));
      services.push(child);
    },
    /** Stops a store with the rest, after the services, and counts its death as a crash. */
    adopt(store) {
      store.child.once('exit', (code, by) => {
        const why = lastLines(store.logFile, 1)[0] ?? '';
        dies(`${store.name} died (${by ?? `exit code ${code}`}): ${why}`);
      });
      stores.push(store);
    },
    /** Stops everything and resolves when it is gone. */
    async stop() {
      stopping = true;
      await Promise.all([...tools.keys()].map((child) => endGroup(child, politely)));
      await Promise.all(services.map((child) => endGroup(child, servicePatience)));
      services.forEach((child) => child.pid && guard.forget(child.pid));
      await Promise.all(stores.map((store) => store.stop()));
    },
  };
}

function deathOf(name, how, { out, errors }) {
  const telling = tellingLine(lastLines(errors, 60)) || messageOf(lastLines(out, 1)[0] ?? '');
  return `${name} died (${how}): ${telling || 'it said nothing'} (log: ${out})`;
}

/** Applications log JSON lines; a person wants the message in it. */
function messageOf(line) {
  try {
    const { msg, err } = JSON.parse(line);
    return [msg, err?.message].filter(Boolean).join(': ') || line;
  } catch {
    return line;
  }
}

async function endGroup(child, steps) {
  await endChild(child, steps);
  if (child.pid) signal(-child.pid, 'SIGKILL');
}

/**
 * @param {object} options
 * @param {string} options.name for people
 * @param {boolean} [options.show] pass its output through (stdout to stdout); else it is only collected
 * @param {string} [options.waiting] said again every ten seconds while it runs, with the seconds it took so far
 * @returns {Promise<{ code: number | string, stdout: string, stderr: string }>} code: or the signal's name
 */
function runTool({ name, command, args, guard, tools, isStopping, env, cwd, show = false, waiting }) {
  const started = Date.now();
  const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  tools.set(child, name);
  if (child.pid) guard.watch(child.pid, { group: true });
  const seconds = () => Math.round((Date.now() - started) / 1_000);
  const timer = waiting ? setInterval(() => say(`${waiting} (${seconds()} s)`), 10_000) : null;
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text) => {
      output[stream] += text;
      if (show) process[stream].write(text);
    });
  }
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearInterval(timer ?? undefined);
      tools.delete(child);
      if (child.pid) guard.forget(child.pid);
    };
    child.once('error', (error) => {
      finish();
      reject(new Problem(`${name} could not be started: ${error.message}`));
    });
    child.once('close', (code, by) => {
      finish();
      // Ended by us: its exit code is no verdict, and nothing may go on with it.
      if (isStopping()) reject(new Problem('stopping'));
      else resolve({ code: code ?? by, ...output });
    });
  });
}
