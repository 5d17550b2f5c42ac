import {
  BUDGET,
  hasFailed,
  NoAnswer,
  namedHosts,
  parseTarget,
  runChecks,
  UnusableTarget,
  type Probes,
  type Run,
  type Target,
} from '@linkbroker/doctor';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readArguments, type Arguments } from './arguments.js';
import { CannotRun } from './cannot-run.js';
import { FORMATS } from './formats/formats.js';
import { sendHttp, type Reach } from './http-probe.js';
import { startLogin } from './login/start-login.js';
import { inspectTls } from './tls-probe.js';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (line: string) => void;
  readonly colour: boolean;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CannotRun(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`);
  }
}

/** `ca` is PEM, or a file beside the target's. */
function readTarget(path: string): Target {
  const target = parseTarget(readFile(path));
  const { ca } = target;
  if (ca === undefined || ca.includes('-----BEGIN')) return target;
  return { ...target, ca: readFile(resolve(dirname(path), ca)) };
}

function announce(target: Target, { slow }: Arguments, { err }: Terminal): void {
  err(`doctor: checks ${target.authorizeUrl} and ${target.tokenUrl} as the client ${target.clientId}`);
  err(
    `doctor: this signs a real account in up to ${BUDGET.signIns} times, makes links, refreshes their tokens, presents old ` +
      `ones, wrong secrets and unknown codes, with ${BUDGET.requests} requests of its own at most. Links made by it may be left behind; ` +
      'a server that punishes reused tokens will end them, and some lock accounts: use a test account.',
  );
  err(
    `doctor: it talks to ${[...namedHosts(target)].join(', ')} and nobody else${slow ? '; --slow takes over ten minutes' : ''}`,
  );
}

async function examine(target: Target, args: Arguments, env: NodeJS.ProcessEnv, { err }: Terminal): Promise<Run> {
  const reach: Reach = { hosts: namedHosts(target), ca: target.ca };
  const login = await startLogin(target, env);
  const probes: Probes = {
    send: (request, deadlineMs) => sendHttp(reach, request, deadlineMs),
    signIn: login.signIn,
    inspectTls: (address) => inspectTls(reach, address),
    now: () => new Date(),
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, { signal });
    },
    progress: (line) => err(`  ${line}`),
  };
  try {
    await assertReachable(probes, target);
    return await runChecks(target, probes, { ...(args.only && { only: args.only }), slow: args.slow });
  } finally {
    await login.close();
  }
}

/** Nothing is learnt from a server that is not there. @throws CannotRun */
async function assertReachable(probes: Probes, { authorizeUrl }: Target): Promise<void> {
  try {
    await probes.send({ method: 'GET', url: authorizeUrl, headers: {} }, 10_000);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (error.reason === 'refused') throw new CannotRun(`${new URL(authorizeUrl).host}: ${error.message}`);
  }
}

/**
 * `doctor --target FILE [--format …] [--only R12,R76] [--slow]`. The report goes out, everything else to err.
 * @returns the exit code: 0 no MUST failed, 1 one failed, 2 it could not run, or nobody could be signed in
 */
export async function runDoctor(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  try {
    const read = readArguments(args);
    const target = readTarget(read.target);
    announce(target, read, terminal);
    const { report, brokenRecipe } = await examine(target, read, env, terminal);
    terminal.out(FORMATS[read.format](report, terminal.colour));
    if (hasFailed(report)) return 1;
    if (brokenRecipe === undefined) return 0;
    terminal.err(`doctor: nobody could be signed in: ${brokenRecipe}`);
    return 2;
  } catch (error) {
    if (!(error instanceof CannotRun) && !(error instanceof UnusableTarget)) throw error;
    terminal.err(`doctor: ${error.message}`);
    return 2;
  }
}
