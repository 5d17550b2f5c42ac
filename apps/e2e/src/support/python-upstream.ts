import { eventually } from '@linkbroker/testing';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Launched } from '../launcher/launch.js';

export interface Python {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Django OAuth Toolkit as a process; `close` ends it and removes its database. */
export async function startPythonUpstream(
  { python, env }: Python,
  port: number,
  client: { readonly clientId: string; readonly clientSecret: string; readonly redirectUris: readonly string[] },
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const script = fileURLToPath(new URL('../../python/upstream.py', import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), 'linkbroker-upstream-'));
  const { clientId, clientSecret, redirectUris } = client;
  const args = [script, String(port), directory, clientId, clientSecret, redirectUris.join(' ')];
  const launched = new Launched(
    spawn(python, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  await eventually('the Django upstream to listen', () => {
    if (launched.child.exitCode !== null) throw new Error(`it ended: ${launched.stderr}`);
    return launched.stdout.includes('ready');
  });
  const close = async (): Promise<void> => {
    launched.child.kill('SIGKILL');
    await launched.ended;
    rmSync(directory, { recursive: true, force: true });
  };
  return { url: `http://localhost:${String(port)}`, close };
}
