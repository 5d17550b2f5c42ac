import type { ConfinedOrder } from '@linkbroker/doctor-cli';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { killTree } from './kill-tree.js';
import { readMessage, type RunMessage } from './read-message.js';

/** A browser, and what it needs in its environment. */
export interface Chromium {
  readonly path: string;
  readonly env: string;
}

export interface ConfinedOptions {
  /** The program that runs the doctor. */
  readonly program: string;
  readonly chromium: Chromium | undefined;
  /** Milliseconds, then it is killed. */
  readonly runMs: number;
}

/** How a run ended: with its report, or why without one. */
export type ConfinedEnd = Extract<RunMessage, { readonly report: unknown }> | { readonly failed: string };

export interface ConfinedProcess {
  readonly ended: Promise<ConfinedEnd>;
  /** Ends it and everything that it has started, now. */
  readonly kill: () => void;
}

/** Octets of all that it may say. */
const MOST_OUTPUT = 4_000_000;
const MEMORY_MB = 256;
/** Behind everybody who waits for an answer. */
const PRIORITY = 15;

/**
 * Starts the doctor in a process of its own that has none of ours: an environment of a few names, an empty directory that
 * goes with it, no store, no key. What it is to do goes over standard input, secrets included, and stands nowhere else.
 */
export async function startConfined(
  options: ConfinedOptions,
  order: ConfinedOrder,
  progress: (line: string) => void,
): Promise<ConfinedProcess> {
  const directory = await mkdtemp(join(tmpdir(), `linkbroker-doctor-${String(process.pid)}-`));
  const child = launch(options, directory);
  const ended = follow(child, options.runMs, progress).finally(() => rm(directory, { recursive: true, force: true }));
  child.stdin.on('error', () => undefined).write(`${JSON.stringify(order)}\n`);
  return { ended, kill: () => child.pid !== undefined && killTree(child.pid) };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function launch({ program, chromium }: ConfinedOptions, directory: string): Child {
  const child = spawn(process.execPath, [`--max-old-space-size=${String(MEMORY_MB)}`, program], {
    cwd: directory,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      HOME: directory,
      TMPDIR: directory,
      ...(chromium && { LINKBROKER_CHROMIUM: chromium.path }),
      ...(chromium && chromium.env !== '' && { LINKBROKER_CHROMIUM_ENV: chromium.env }),
    },
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, PRIORITY);
  } catch {
    // It has ended already, or the system knows no priorities.
  }
  return child;
}

async function follow(child: Child, runMs: number, progress: (line: string) => void): Promise<ConfinedEnd> {
  let end: ConfinedEnd | undefined;
  const stop = (failed: string): void => {
    end ??= { failed };
    if (child.pid !== undefined) killTree(child.pid);
  };
  const timer = setTimeout(() => stop(`It was not done after ${String(runMs / 60_000)} minutes.`), runMs);
  const hear = (line: string): void => {
    const said = readMessage(line);
    if (!said) return;
    if ('progress' in said) progress(said.progress);
    else end ??= said;
  };
  readLines(child.stdout, hear, () => stop('It said more than a report is long.'));
  try {
    // `close` follows an error of the start as well.
    await once(child, 'close');
  } catch {
    end ??= { failed: 'It could not be started.' };
  } finally {
    clearTimeout(timer);
  }
  return end ?? { failed: 'It ended without a report.' };
}

function readLines(out: Readable, hear: (line: string) => void, tooMuch: () => void): void {
  let [text, size] = ['', 0];
  out.setEncoding('utf8').on('data', (chunk: string) => {
    size += chunk.length;
    if (size > MOST_OUTPUT) {
      out.removeAllListeners('data').resume();
      tooMuch();
      return;
    }
    const lines = `${text}${chunk}`.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
}
