import { freePort } from '@linkbroker/testing';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root as checkout } from '../launcher/launch.js';
import { ALEXA_CLIENT, ALEXA_REDIRECT_URIS, HOUSEHOLD } from './alexa-client.js';
import { scratchDirectory, startServer } from './child-server.js';
import type { TargetOfServer } from './doctor-run.js';
import { pinnedNode } from './tools.js';

export interface Glewlwyd {
  /** Of Debian's package, unpacked. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
}

type Finding = { readonly found: Glewlwyd; readonly reason: null } | { readonly found: null; readonly reason: string };

/** Glewlwyd, or the reason why this machine has none. */
export async function findGlewlwyd(): Promise<Finding> {
  const { LINKBROKER_GLEWLWYD: root, LINKBROKER_GLEWLWYD_ENV: env } = process.env;
  if (root) return { found: { root, env: JSON.parse(env ?? '{}') as Record<string, string> }, reason: null };
  const tools: unknown = await import(pathToFileURL(join(checkout, 'tools/lib/deb-tools.mjs')).href);
  return (tools as { findGlewlwyd: () => Promise<Finding> }).findGlewlwyd();
}

const LOGIN = fileURLToPath(new URL('./glewlwyd-login.mjs', import.meta.url));

/** Its configuration file. What is not here is as the package has it. */
function configuration(root: string, directory: string, port: number): string {
  const modules = join(root, 'usr/lib/glewlwyd');
  return `
port=${port}
bind_address="127.0.0.1"
external_url="http://localhost:${port}"
login_url="login.html"
api_prefix="api"
static_files_path="${root}/usr/share/glewlwyd/webapp/"
static_files_mime_types=({ extension=".html" mime_type="text/html" })
log_mode="console"
log_level="ERROR"
cookie_secure=0
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${modules}/user"
client_module_path="${modules}/client"
user_auth_scheme_module_path="${modules}/scheme"
plugin_module_path="${modules}/plugin"
hash_algorithm="SHA512"
database={ type="sqlite3" path="${directory}/glewlwyd.sqlite3" };
`;
}

type Call = (method: string, path: string, body: object) => Promise<void>;

/** Its API, as somebody who has signed in. */
async function signIn(api: string, username: string, password: string): Promise<Call> {
  let cookie = '';
  const call: Call = async (method, path, body) => {
    const headers = { 'content-type': 'application/json', cookie };
    const response = await fetch(`${api}/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
    await response.body?.cancel();
    const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (cookies.length > 0) cookie = cookies.join('; ');
  };
  await call('POST', 'auth/', { username, password });
  return call;
}

/** Parameters of the OpenID Connect plugin: those that its admin page proposes, and plain OAuth 2.0 allowed. */
const PLUGIN = {
  'jwt-type': 'sha',
  'jwt-key-size': '256',
  key: 'a-key-of-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz',
  'access-token-duration': 3_600,
  'refresh-token-duration': 1_209_600,
  'code-duration': 600,
  'refresh-token-rolling': true,
  'refresh-token-one-use': 'never',
  'allow-non-oidc': true,
  'auth-type-code-enabled': true,
  'auth-type-refresh-enabled': true,
  'auth-type-token-enabled': false,
  'auth-type-implicit-enabled': false,
  'auth-type-password-enabled': false,
  'auth-type-client-enabled': false,
  'pkce-allowed': true,
  'introspection-revocation-allowed': true,
  'introspection-revocation-allow-target-client': true,
};

async function register(url: string, parameters: object): Promise<void> {
  const { clientId, clientSecret, scope } = ALEXA_CLIENT;
  const { name: username, password } = HOUSEHOLD;
  const admin = await signIn(`${url}/api`, 'admin', 'password');
  await admin('POST', 'scope/', { name: scope, password_required: true, password_max_age: 0 });
  await admin('POST', 'user/', { username, password, scope: [scope, 'g_profile'], enabled: true });
  await admin('POST', 'client/', {
    client_id: clientId,
    name: 'Alexa',
    confidential: true,
    enabled: true,
    password: clientSecret,
    client_secret: clientSecret,
    redirect_uri: ALEXA_REDIRECT_URIS,
    authorization_type: ['code', 'refresh_token'],
    token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
    scope: [scope],
  });
  const plugin = { module: 'oidc', name: 'oidc', display_name: 'oidc', enabled: true };
  await admin('POST', 'mod/plugin/', { ...plugin, parameters: { iss: url, ...PLUGIN, ...parameters } });
  // Otherwise its page would ask whether Alexa may have the scope.
  const household = await signIn(`${url}/api`, username, password);
  await household('PUT', `auth/grant/${clientId}`, { scope });
}

/** Glewlwyd with its OpenID Connect plugin, as its packages bring it and with these parameters of the plugin besides. */
export async function startGlewlwyd(
  { root, env }: Glewlwyd,
  parameters: Readonly<Record<string, unknown>>,
): Promise<TargetOfServer & { readonly close: () => Promise<void> }> {
  const [port, directory] = [await freePort(), scratchDirectory()];
  const url = `http://localhost:${port}`;
  const database = new DatabaseSync(join(directory.path, 'glewlwyd.sqlite3'));
  database.exec(readFileSync(join(root, 'usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'), 'utf8'));
  database.close();
  const file = join(directory.path, 'glewlwyd.conf');
  writeFileSync(file, configuration(root, directory.path, port));
  const command = [join(root, 'usr/bin/glewlwyd'), '--config-file', file] as const;
  const server = await startServer(url, command, { cwd: directory.path, env: { ...process.env, ...env } });
  const close = async (): Promise<void> => {
    await server.close();
    directory.remove();
  };
  try {
    await register(url, parameters);
  } catch (error) {
    await close();
    throw error;
  }
  const login = { command: [await pinnedNode(), LOGIN, `${url}/api`, HOUSEHOLD.name, HOUSEHOLD.password] };
  return { authorizeUrl: `${url}/api/oidc/auth`, tokenUrl: `${url}/api/oidc/token`, login, close };
}
