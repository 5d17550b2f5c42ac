import { eventually } from '@linkbroker/testing';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Launched } from '../launcher/launch.js';

export interface ChildServer {
  /** What it said on standard error. */
  readonly said: () => string;
  readonly close: () => Promise<void>;
}

/** A directory for one server's files; `remove` takes it away. */
export function scratchDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'linkbroker-server-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a program and waits until something answers at its address, whatever it answers. */
export async function startServer(
  url: string,
  command: readonly [string, ...string[]],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<ChildServer> {
  const [program, ...args] = command;
  const launched = new Launched(spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  const close = async (): Promise<void> => {
    launched.child.kill('SIGKILL');
    await launched.ended;
  };
  try {
    await eventually(`${program} to listen at ${url}`, async () => {
      const { exitCode, signalCode } = launched.child;
      if (exitCode !== null || signalCode !== null) throw new Error(`it ended: ${launched.stderr}`);
      return fetch(url).then(
        async (response) => {
          await response.body?.cancel();
          return true;
        },
        () => false,
      );
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { said: () => launched.stderr, close };
}
