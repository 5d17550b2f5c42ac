import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unpackDebs } from './debs.mjs';
import { Problem } from './problem.mjs';

/**
 * Programs that the launchers and tests use and npm does not carry. Each finder takes the machine's own if there
 * is one, else Debian's, and answers `{ found, reason }`, one of the two null: why it cannot be had is an answer
 * too (tests are then skipped with that reason).
 * @template T @typedef {{ found: T, reason: null } | { found: null, reason: string }} Finding
 */

const runs = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 60_000, env: { ...process.env, ...env } }).status === 0;

async function finding(name, find) {
  try {
    return { found: await find(), reason: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { found: null, reason: `${name}: ${error.message}` };
  }
}

/** @returns {Promise<Finding<{ executablePath: string, env: Record<string, string>, libraries: string }>>} redis-server or valkey-server */
export function findRedis({ path = process.env.PATH ?? '', ...options } = {}) {
  return finding('Redis', async () => {
    for (const directory of path.split(delimiter).filter(Boolean)) {
      for (const name of ['redis-server', 'valkey-server']) {
        const executablePath = join(directory, name);
        if (existsSync(executablePath) && runs(executablePath, ['--version'])) {
          return { executablePath, env: {}, libraries: '' };
        }
      }
    }
    const program = ({ root }) => join(root, 'usr/bin/redis-server');
    const usable = (unpacked) => runs(program(unpacked), ['--version'], unpacked.env);
    const unpacked = await unpackDebs(['redis-server'], { usable, ...options });
    return { executablePath: program(unpacked), env: unpacked.env, libraries: unpacked.libraries };
  });
}

/** @returns {Promise<Finding<{ executablePath: string, env: Record<string, string> }>>} for playwright's launch() */
export function findChromium({ installed = '/usr/bin/chromium', ...options } = {}) {
  return finding('Chromium', async () => {
    if (existsSync(installed) && runs(installed, ['--version'])) return { executablePath: installed, env: {} };
    // The wrapper script in usr/bin looks for absolute paths, so the program itself is started.
    const program = ({ root }) => join(root, 'usr/lib/chromium/chromium');
    const usable = (unpacked) => runs(program(unpacked), ['--version'], unpacked.env);
    const unpacked = await unpackDebs(['chromium', 'fonts-liberation'], { usable, ...options });
    return { executablePath: program(unpacked), env: { ...unpacked.env, FONTCONFIG_FILE: fontConfig(unpacked.root) } };
  });
}

/** Without fontconfig on the machine pages render as empty boxes; this file names the unpacked fonts as well. */
function fontConfig(root) {
  const file = join(root, 'linkbroker-fonts.conf');
  const cache = join(root, 'font-cache');
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const families = { sans: 'Sans', 'sans-serif': 'Sans', 'system-ui': 'Sans', serif: 'Serif', monospace: 'Mono' };
  const alias = ([family, font]) =>
    `<alias binding="same"><family>${family}</family><prefer><family>Liberation ${font}</family></prefer></alias>`;
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `<dir>${join(root, 'usr/share/fonts')}</dir>`,
    '<dir>/usr/share/fonts</dir>',
    `<cachedir>${cache}</cachedir>`,
    ...Object.entries(families).map(alias),
    '<match><edit name="family" mode="append_last"><string>Liberation Sans</string></edit></match>',
    '</fontconfig>',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** @returns {Promise<Finding<{ python: string, env: Record<string, string> }>>} a Python with OAuth clients and servers */
export function findPython({ installed = '/usr/bin/python3', ...options } = {}) {
  return finding('Python', async () => {
    const modules = 'import requests_oauthlib, oauth2_provider, jwcrypto, flask, authlib, waitress';
    const has = (python, env) => existsSync(python) && runs(python, ['-c', modules], env);
    if (has(installed, {})) return { python: installed, env: {} };
    const packages = [
      'python3-requests-oauthlib',
      'python3-django-oauth-toolkit',
      'python3-authlib',
      'python3-flask',
      'python3-waitress',
      ...(existsSync(installed) ? [] : ['python3']),
    ];
    const program = ({ root }) => [join(root, 'usr/bin/python3'), installed].find(existsSync) ?? installed;
    const usable = (unpacked) => has(program(unpacked), unpacked.env);
    const unpacked = await unpackDebs(packages, { usable, ...options });
    return { python: program(unpacked), env: unpacked.env };
  });
}

/** @returns {Promise<Finding<{ root: string, env: Record<string, string> }>>} Glewlwyd, an authorization server: the root of its files */
export function findGlewlwyd(options = {}) {
  return finding('Glewlwyd', async () => {
    const usable = ({ root, env }) => runs(join(root, 'usr/bin/glewlwyd'), ['--version'], env);
    // One that the machine has would need its configuration found as well.
    const { root, env } = await unpackDebs(['glewlwyd'], { usable, ...options });
    return { root, env };
  });
}
