import { freePort } from '@linkbroker/testing';
import { fileURLToPath } from 'node:url';
import { ALEXA_CLIENT, ALEXA_REDIRECT_URIS, HOUSEHOLD } from './alexa-client.js';
import { scratchDirectory, startServer } from './child-server.js';
import type { TargetOfServer } from './doctor-run.js';
import type { Python } from './python-upstream.js';

const SCRIPT = fileURLToPath(new URL('../../python/toolkit.py', import.meta.url));

/** Django OAuth Toolkit as its tutorial sets it up, with these settings of its own besides. */
export async function startToolkit(
  { python, env }: Python,
  settings: Readonly<Record<string, unknown>>,
): Promise<TargetOfServer & { readonly close: () => Promise<void> }> {
  const [port, directory] = [await freePort(), scratchDirectory()];
  const url = `http://localhost:${port}`;
  const { clientId, clientSecret } = ALEXA_CLIENT;
  const args = [String(port), directory.path, clientId, clientSecret, ALEXA_REDIRECT_URIS.join(' ')];
  const command = [python, SCRIPT, ...args, JSON.stringify(settings)] as const;
  const server = await startServer(url, command, { cwd: directory.path, env: { ...process.env, ...env } });
  const close = async (): Promise<void> => {
    await server.close();
    directory.remove();
  };
  const login = [
    { fill: 'input[name=username]', value: HOUSEHOLD.name },
    { fill: 'input[name=password]', value: HOUSEHOLD.password },
    { click: 'input[type=submit]' },
    { click: 'input[name=allow]' },
  ];
  return { authorizeUrl: `${url}/o/authorize/`, tokenUrl: `${url}/o/token/`, login, close };
}
