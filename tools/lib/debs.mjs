import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { downloadPackages, hasApt } from './apt.mjs';
import { withLock } from './lock.mjs';
import { cacheDirectory } from './paths.mjs';
import { Problem, say } from './problem.mjs';

/** The C library must stay the one the machine's loader belongs to; every machine has these. */
const neverUnpacked = /^(libc6|libc-bin|libc-l10n|locales|base-files|dpkg|apt)_/;

/**
 * Unpacks Debian packages, with everything they need that this machine lacks, into the cache: no root, no change
 * to the machine. Callers at the same time are safe; the second finds what the first made.
 * @param {string[]} packages
 * @param {{ cache?: string, status?: string, usable?: (unpacked: ReturnType<typeof describe>) => boolean }} [options]
 *   usable: a cached copy that fails this (the machine lost a library since) is made anew
 * @returns {Promise<ReturnType<typeof describe>>} @throws {Problem}
 */
export async function unpackDebs(packages, { cache = cacheDirectory(), status, usable = () => true } = {}) {
  const home = join(cache, 'debs');
  const target = join(home, keyOf(packages));
  const ready = () => existsSync(join(target, 'packages.json')) && usable(describe(target));
  if (ready()) return describe(target);
  if (!hasApt()) throw new Problem('this machine has no apt-get and dpkg-deb to fetch it with');
  mkdirSync(home, { recursive: true });
  return await withLock(join(home, 'lock'), async () => {
    if (!ready()) await make(packages, { home, target, status });
    const unpacked = describe(target);
    if (!usable(unpacked)) throw new Problem(`${packages.join(', ')} was unpacked to ${target} but does not run there`);
    return unpacked;
  });
}

/** What a package list unpacks to depends on the distribution and the processor, so both are in its name. */
function keyOf(packages) {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const version = /^VERSION_CODENAME=.*$/m.exec(release)?.[0] ?? release;
  const parts = [process.arch, version, ...[...packages].sort()];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

async function make(packages, { home, target, status }) {
  for (const name of readdirSync(home)) {
    // Left by a run that was killed: the lock says that nobody works on them now.
    if (name.startsWith('draft-')) rmSync(join(home, name), { recursive: true, force: true });
  }
  say(`fetching ${packages.join(', ')} from Debian (unpacked into ${home}, nothing is installed) …`);
  const draft = mkdtempSync(join(home, 'draft-'));
  const files = await downloadPackages(packages, {
    home: join(home, 'apt'),
    archives: join(draft, 'archives'),
    log: join(home, 'apt.log'),
    ...(status ? { status } : {}),
  });
  const wanted = files.filter((file) => !neverUnpacked.test(basename(file)));
  for (const file of wanted) await unpack(file, join(draft, 'root'));
  rmSync(join(draft, 'archives'), { recursive: true, force: true });
  writeFileSync(
    join(draft, 'packages.json'),
    JSON.stringify(
      wanted.map((file) => basename(file)),
      null,
      1,
    ),
  );
  // mkdtemp's directories are its user's alone; what root fetched may serve others too.
  chmodSync(draft, 0o755);
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
}

function unpack(file, into) {
  mkdirSync(into, { recursive: true });
  const child = spawn('dpkg-deb', ['-x', file, into], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Problem(`dpkg-deb could not unpack ${basename(file)}: ${why}`));
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => (code === 0 ? resolve() : fail(said.trim())));
  });
}

/** Where things lie in an unpacked set, and the environment a program from it needs. */
function describe(target) {
  const root = join(target, 'root');
  const bin = ['usr/bin', 'bin', 'usr/sbin', 'usr/local/bin'].map((one) => join(root, one)).filter(existsSync);
  const libraries = libraryDirectories(root).join(':');
  const python = join(root, 'usr/lib/python3/dist-packages');
  return {
    root,
    bin,
    libraries,
    env: {
      ...(libraries ? { LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') } : {}),
      ...(existsSync(python) ? { PYTHONPATH: [python, process.env.PYTHONPATH].filter(Boolean).join(':') } : {}),
    },
  };
}

/**
 * The library directories of the processor's triplet, and those one level below that hold libraries themselves:
 * packages such as PulseAudio's find theirs through an absolute path, which does not exist here.
 */
function libraryDirectories(root) {
  const found = [];
  for (const base of ['usr/lib', 'lib'].map((one) => join(root, one)).filter(existsSync)) {
    const triplets = readdirSync(base).filter((name) => /^[a-z0-9_]+-linux-gnu/.test(name));
    for (const triplet of triplets.map((name) => join(base, name))) {
      const below = readdirSync(triplet, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      found.push(triplet, ...below.map((entry) => join(triplet, entry.name)).filter(holdsLibraries));
    }
    if (holdsLibraries(base)) found.push(base);
  }
  return found;
}

const holdsLibraries = (directory) => readdirSync(directory).some((name) => /^lib.*\.so(\.|$)/.test(name));
