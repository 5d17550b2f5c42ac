import { eventually, watchOutput } from '@linkbroker/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { processTree, stillRunning, type ProcessId } from './processes.js';

/** The checkout. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program of the repository as a real process, with what it wrote. */
export class Launched {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  private end: Ended | undefined;

  /** `watched` names it where it is ours: what it writes is searched for secrets. */
  constructor(
    readonly child: ChildProcess,
    watched?: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        if (watched !== undefined) watchOutput(watched, this.stdout + this.stderr);
        resolve((this.end = { code, signal }));
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('it was not started');
    return this.child.pid;
  }

  /** The lines a launcher says about itself when it fails. */
  get complaints(): string[] {
    return this.stderr.split('\n').filter((line) => line.startsWith('linkbroker: '));
  }

  /** Waits for the READY line; fails at once, with all it said, when the program ends before. */
  async ready(): Promise<Record<string, string>> {
    const line = await eventually(
      'READY',
      () => {
        if (this.end) throw new Error(`ended with ${JSON.stringify(this.end)}\n${this.stdout}\n${this.stderr}`);
        return this.stdout.split('\n').find((one) => one.startsWith('READY '));
      },
      45_000,
    );
    const pairs = line.split(' ').slice(1);
    return Object.fromEntries(
      pairs.map((pair): [string, string] => [pair.replace(/=.*/, ''), pair.replace(/^.*?=/, '')]),
    );
  }

  /** This process and everything it started, to be looked for later. */
  tree(): ProcessId[] {
    return processTree(this.pid);
  }

  /** The launcher itself, which npm started. */
  get launcher(): number {
    const found = this.tree().find(({ command }) => / tools\/up\.mjs/.test(command) && !command.startsWith('npm'));
    if (!found) throw new Error('no launcher below npm');
    return found.pid;
  }
}

/** Nothing that the outer run of Nx and Jest set must reach the programs under test. */
function environment(extra: Record<string, string>): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NX_|JEST_|NODE_OPTIONS|NODE_ENV|TEST_|npm_|INIT_CWD|DATABASE_URL|REDIS_URL|MASTER_KEYS)/.test(name),
  );
  // What Nx has built is used as it is: a second Nx inside the first would only wait for it.
  return { ...Object.fromEntries(inherited), LINKBROKER_BUILT: '1', ...extra };
}

const launched: Launched[] = [];

/** `npm run <script> -- <args>`, as a person would. */
export function npmRun(script: string, args: string[], env: Record<string, string>, cwd = root): Launched {
  const all = ['run', script, '--prefix', root, '--', ...args];
  const child = spawn('npm', all, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const one = new Launched(child, `npm run ${script}`);
  launched.push(one);
  return one;
}

/** For afterAll: whatever a failed test left running. */
export async function endAll(): Promise<void> {
  for (const one of launched.splice(0)) {
    if (one.child.exitCode !== null || one.child.signalCode !== null) continue;
    const tree = one.tree();
    one.child.kill('SIGTERM');
    await eventually('the end of what a test left', () => stillRunning(tree).length === 0);
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

/** Holds a port until it is released, as another program would. */
export async function occupy(port: number): Promise<() => Promise<void>> {
  const server = await listen(port);
  return () => close(server);
}

/** Six free ports for one `up`, metrics being three in a row; each test file has a range of its own. */
export async function freePorts(from: number): Promise<Record<string, string>> {
  for (let first = from; first < from + 500; first += 10) {
    const servers = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((offset) => listen(first + offset)));
    const held = servers.filter((one) => one.status === 'fulfilled').map((one) => one.value);
    await Promise.all(held.map(close));
    if (held.length < servers.length) continue;
    const names = ['METRICS_PORT', '', '', 'BROKER_PORT', 'ADMIN_PORT', 'SIMULATOR_PORT'];
    return Object.fromEntries(names.flatMap((name, at) => (name ? [[name, String(first + at)]] : [])));
  }
  throw new Error(`no free ports above ${from}`);
}
