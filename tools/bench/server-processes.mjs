import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, openLog, tellingLine } from '../lib/logs.mjs';
import { freePort } from '../lib/ports.mjs';
import { root } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { pinnedEnvironment, pinnedNode } from '../lib/runtime.mjs';
import { endChild } from '../lib/store-process.mjs';

const startPatience = 30_000;
const patience = [
  ['SIGTERM', 12_000],
  ['SIGKILL', 5_000],
];

/** For `accept`: the server listens and its event loop turns. */
export const anyAnswer = (status) => status > 0;

/**
 * The processes under test: each alone in its process, on the pinned Node, without options of the caller's.
 * @param {{ guard: ReturnType<typeof import('../lib/guard.mjs').startGuard>, logs: string }} options
 */
export function serverProcesses({ guard, logs }) {
  const running = new Set();
  let crash;
  const crashed = new Promise((_, reject) => (crash = reject));
  crashed.catch(() => {});

  const stop = async (server) => {
    running.delete(server);
    await endChild(server.child, patience);
    guard.forget(server.child.pid);
  };
  return {
    /** Rejects when a server that should stay dies. */
    crashed,
    /**
     * Starts a program and waits for the first answer that `accept` takes.
     * @returns {Promise<{ child: import('node:child_process').ChildProcess, pid: number, port: number, startMs: number }>}
     */
    async start({ name, flags = [], script, env, ports: [variable, ...others], path, accept }) {
      const [port, ...more] = await Promise.all([variable, ...others].map(() => freePort()));
      const chosen = Object.fromEntries([[variable, port], ...others.map((other, at) => [other, more[at]])]);
      const began = performance.now();
      const child = launch({ name, flags, script, env: { ...env, ...asText(chosen) }, logs });
      const server = { name, child, pid: child.pid, port, ports: chosen };
      running.add(server);
      guard.watch(child.pid, { group: true });
      const died = new Promise((_, reject) => {
        child.once('exit', (code, by) => {
          const why = tellingLine(lastLines(join(logs, `${name}.err.log`), 60)) || 'it said nothing';
          const problem = new Problem(`${name} died (${by ?? `exit code ${code}`}): ${why}`);
          reject(problem);
          if (running.has(server)) crash(problem);
        });
      });
      died.catch(() => {});
      await Promise.race([died, untilAnswers(`http://127.0.0.1:${port}${path}`, accept)]);
      return { ...server, startMs: performance.now() - began, stop: () => stop(server) };
    },
    stopAll: () => Promise.all([...running].map(stop)),
  };
}

function launch({ name, flags, script, env, logs }) {
  const own = { ...pinnedEnvironment(), NODE_OPTIONS: '', NODE_ENV: 'production', ...env };
  const files = [openLog(join(logs, `${name}.log`)), openLog(join(logs, `${name}.err.log`))];
  const options = { env: own, cwd: root, detached: true, stdio: ['ignore', ...files, 'ipc'] };
  const child = spawn(pinnedNode(), [...flags, script], options);
  files.forEach((file) => closeSync(file));
  return child;
}

const asText = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

async function untilAnswers(url, accept) {
  const end = performance.now() + startPatience;
  for (;;) {
    if (accept(await statusOf(url))) return;
    if (performance.now() > end) throw new Problem(`${url} did not answer within ${startPatience / 1_000} s`);
    await delay(5);
  }
}

/** @returns {Promise<number>} 0 while nobody listens */
function statusOf(url) {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    asked.on('error', () => resolve(0));
    asked.end();
  });
}
