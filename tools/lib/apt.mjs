import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.mjs';

const hour = 3_600_000;

/** Are Debian's tools here? Only then can packages be fetched. */
export function hasApt() {
  const found = (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
  return found('apt-get') && found('dpkg-deb');
}

/**
 * Downloads packages and whatever they need that this machine lacks. Works for any user: everything apt would
 * write goes below `home`, and its locks and its own user, which need root, are left out.
 * @param {string[]} packages @param {{ home: string, archives: string, status?: string, log: string }} where
 *   archives: an empty directory for the .deb files; status: dpkg's list of what the machine has
 * @returns {Promise<string[]>} the files @throws {Problem}
 */
export async function downloadPackages(packages, { home, archives, status = '/var/lib/dpkg/status', log }) {
  for (const folder of ['state/lists/partial', 'cache']) mkdirSync(join(home, folder), { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const nothingInstalled = join(home, 'nothing-installed');
  writeFileSync(nothingInstalled, '');
  const updated = join(home, 'updated');
  const install = (have) => [
    ...flags({ home, archives, status: have }),
    ...['-y', '-q', '--no-install-recommends', '--download-only', 'install', ...packages],
  ];
  const fresh = existsSync(updated) && Date.now() - statSync(updated).mtimeMs < hour;
  if (fresh && (await aptGet(install(status), log)).code === 0) return debs(archives);
  // One of several sources may fail without harm, so the update's own verdict does not count.
  const update = await aptGet([...flags({ home, archives, status }), '-q', 'update'], log);
  writeFileSync(updated, '');
  const first = await aptGet(install(status), log);
  if (first.code === 0) return debs(archives);
  // Where the machine's own packages are in disorder, apt refuses all work; so fetch as for an empty machine.
  if ((await aptGet(install(nothingInstalled), log)).code === 0) return debs(archives);
  rmSync(updated, { force: true });
  throw new Problem(`apt-get could not fetch ${packages.join(', ')}: ${first.error ?? update.error} (log: ${log})`);
}

function flags({ home, archives, status }) {
  const options = {
    'Dir::State': join(home, 'state'),
    'Dir::State::status': status,
    'Dir::Cache': join(home, 'cache'),
    'Dir::Cache::archives': archives,
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '30',
    'Acquire::https::Timeout': '30',
    'Dpkg::Use-Pty': '0',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

const debs = (archives) =>
  readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name));

function aptGet(args, log) {
  return new Promise((resolve) => {
    const child = spawn('apt-get', args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    let output = '';
    const keep = (data) => (output += data);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, error: error.message }));
    child.on('close', (code) => {
      writeFileSync(log, `apt-get ${args.join(' ')}\n${output}\n`, { flag: 'a' });
      const telling = output.split('\n').filter((line) => /^[EW]:/.test(line));
      resolve({ code, error: telling[0] ?? output.trim().split('\n').at(-1) });
    });
  });
}
