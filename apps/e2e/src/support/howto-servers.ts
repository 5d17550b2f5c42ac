import { freePort } from '@linkbroker/testing';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../launcher/launch.js';
import { ALEXA_CLIENT, HOUSEHOLD } from './alexa-client.js';
import { scratchDirectory, startServer } from './child-server.js';
import type { TargetOfServer } from './doctor-run.js';
import type { Python } from './python-upstream.js';
import { pinnedNode } from './tools.js';

/** An example of docs/howto, running. */
export interface HowtoServer extends TargetOfServer {
  readonly url: string;
  readonly said: () => string;
  readonly close: () => Promise<void>;
}

interface Example {
  readonly folder: string;
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What makes the tables and adds an account, whose password comes on standard input. */
  readonly addUser: readonly string[];
  readonly serve: readonly string[];
  readonly paths: { readonly authorize: string; readonly token: string };
}

/** Those who sign in do so on the first page. */
const LOGIN = [
  { fill: 'input[name=username]', value: HOUSEHOLD.name },
  { fill: 'input[name=password]', value: HOUSEHOLD.password },
  { click: 'button[type=submit]' },
];

/** Starts one as its guide says, with a fresh database and without the proxy that ends TLS. */
async function start({ folder, program, env = {}, addUser, serve, paths }: Example): Promise<HowtoServer> {
  const [port, directory] = [await freePort(), scratchDirectory()];
  const url = `http://localhost:${port}`;
  const settings = {
    ...process.env,
    ...env,
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE: join(directory.path, 'database.sqlite3'),
    ALEXA_CLIENT_ID: ALEXA_CLIENT.clientId,
    ALEXA_CLIENT_SECRET: ALEXA_CLIENT.clientSecret,
    ALEXA_VENDOR_ID: ALEXA_CLIENT.vendorId,
    NODE_OPTIONS: '',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const cwd = join(root, 'docs/howto', folder);
  const input = `${HOUSEHOLD.password}\n`;
  execFileSync(program, addUser, { cwd, env: settings, input, stdio: 'pipe' });
  const server = await startServer(url, [program, ...serve], { cwd, env: settings });
  const close = async (): Promise<void> => {
    await server.close();
    directory.remove();
  };
  const [authorizeUrl, tokenUrl] = [`${url}${paths.authorize}`, `${url}${paths.token}`];
  return { url, authorizeUrl, tokenUrl, login: LOGIN, said: server.said, close };
}

const PATHS = { authorize: '/oauth/authorize', token: '/oauth/token' };

export async function startExpress(): Promise<HowtoServer> {
  const program = await pinnedNode();
  const addUser = ['add-user.mjs', HOUSEHOLD.name];
  return start({ folder: 'express', program, addUser, serve: ['server.mjs'], paths: PATHS });
}

export function startFlask({ python: program, env }: Python): Promise<HowtoServer> {
  // Authlib refuses plain http unless it is told that this is a test.
  const withoutTls = { ...env, AUTHLIB_INSECURE_TRANSPORT: '1' };
  const addUser = ['app.py', 'add-user', HOUSEHOLD.name];
  return start({ folder: 'flask', program, env: withoutTls, addUser, serve: ['app.py'], paths: PATHS });
}

export function startDjango({ python: program, env }: Python): Promise<HowtoServer> {
  const paths = { authorize: '/oauth/authorize/', token: '/oauth/token/' };
  const withKey = { ...env, SECRET_KEY: 'for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz' };
  const addUser = ['register.py', HOUSEHOLD.name];
  return start({ folder: 'django', program, env: withKey, addUser, serve: ['serve.py'], paths });
}
