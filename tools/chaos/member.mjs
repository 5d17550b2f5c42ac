import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { pinnedEnvironment, pinnedNode, serviceEnvironment, serviceFlags } from '../lib/runtime.mjs';
import { endChild } from '../lib/store-process.mjs';
import { freezeTree } from './process-tree.mjs';

const preload = new URL('./preload.mjs', import.meta.url).href;
const readyPatienceMs = 40_000;
/** One that ends by itself, because it could not reach a store at its start, is tried again after this. */
const againMs = 500;

/** One process of the product: struck by the harness, and started again whenever it ends, as an orchestrator would. */
export class Member {
  #child = null;
  #wanted = false;
  #thaw = null;
  #told = { offsetMs: 0, diskFull: false };

  /** All pids it has had. */
  pids = new Set();

  /** @param {{ name: string, app: string, port: number, metricsPort: number, dataDir: string, env: object, log: string, guard: object, changed: () => void }} how */
  constructor(how) {
    Object.assign(this, how);
  }

  pid() {
    const child = this.#child;
    return child && child.exitCode === null && child.signalCode === null ? child.pid : null;
  }

  start() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#launch();
  }

  async kill() {
    this.#wanted = false;
    this.thaw();
    if (this.#child) await endChild(this.#child, [['SIGKILL', 5_000]]);
  }

  freeze() {
    this.#thaw ??= freezeTree(this.#child.pid);
  }

  thaw() {
    this.#thaw?.();
    this.#thaw = null;
  }

  /** The state of its machine: `{ offsetMs, diskFull }`, and so of the process that comes after it. */
  tell(set) {
    this.#told = { ...this.#told, ...set };
    if (this.#child?.connected) this.#child.send({ chaos: this.#told }, () => {});
  }

  /** @throws {Problem} when it does not say in time that it is ready */
  async ready() {
    const end = Date.now() + readyPatienceMs;
    while (!(await this.#answersReady())) {
      if (Date.now() > end) throw new Problem(`${this.name} was not ready within ${readyPatienceMs / 1_000} s`);
      await delay(50);
    }
  }

  async stop() {
    this.#wanted = false;
    this.thaw();
    const steps = [
      ['SIGTERM', 3_000],
      ['SIGKILL', 5_000],
    ];
    if (this.#child) await endChild(this.#child, steps);
  }

  #launch() {
    if (!this.#wanted) return;
    const log = openSync(this.log, 'a', 0o600);
    const script = join(root, 'apps', this.app, 'dist/main.js');
    const child = spawn(pinnedNode(), [...serviceFlags, '--import', preload, script], {
      env: { ...pinnedEnvironment(), ...serviceEnvironment, NODE_OPTIONS: '', NODE_ENV: 'production', ...this.env },
      ...{ cwd: root, detached: true, stdio: ['ignore', log, log, 'ipc'] },
    });
    closeSync(log);
    this.#child = child;
    this.pids.add(child.pid);
    this.guard.watch(child.pid, { group: true });
    this.changed();
    child.on('error', () => {});
    child.send({ chaos: this.#told }, () => {});
    child.once('exit', () => {
      this.guard.forget(child.pid);
      if (this.#wanted) setTimeout(() => this.#child === child && this.#launch(), againMs);
    });
  }

  async #answersReady() {
    try {
      const url = `http://127.0.0.1:${this.metricsPort}/health/ready`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) });
      await answer.text();
      return answer.status === 200;
    } catch {
      return false;
    }
  }
}
