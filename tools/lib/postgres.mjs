import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { canReach, postgresBinaries, postgresOwner, reachablePlace } from './postgres-binaries.mjs';
import { acceptsConnections } from './postgres-ready.mjs';
import { Problem, say } from './problem.mjs';
import { endProcess, isAlive } from './processes.mjs';
import { startStore } from './store-process.mjs';
import { removeDirectory, testDirectory } from './temporary.mjs';

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT gives up on tidiness; its log recovers either. */
export const fastStop = [
  ['SIGINT', 15_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];
const throwAwayStop = [
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];
const startPatience = 120_000;

/**
 * The cluster of a DATA_DIR: made at the first start, recovered after a crash.
 * @param {{ dataDir: string, guard: ReturnType<typeof import('./guard.mjs').startGuard>, settings?: string[] }} options
 *   settings: `name=value`, over our own
 * @returns {Promise<{ name: string, child: import('node:child_process').ChildProcess, url: string, logFile: string, stop: () => Promise<void> }>}
 */
export async function startPostgres({ dataDir, guard, settings = [] }) {
  const home = clusterHome(dataDir);
  const existing = existsSync(home) ? statSync(home) : undefined;
  if (existing && process.getuid?.() !== 0 && existing.uid !== process.getuid?.()) {
    throw new Problem(`${home} belongs to another user (uid ${existing.uid}): set DATA_DIR to another place`);
  }
  const owner = postgresOwner(existing);
  const native = postgresBinaries(owner);
  const passwordFile = join(dataDir, 'postgres-password');
  const data = join(home, 'data');
  if (!existsSync(data)) initialise({ native, owner, home, password: newPassword(passwordFile), durable: true });
  await clearLeftover(data);
  const own = ['shared_buffers=128MB', 'max_connections=200', `wal_compression=${walCompression(native, data, owner)}`];
  const logFile = join(dataDir, 'logs/postgres.log');
  const options = { native, owner, data, settings: [...own, ...settings], logFile, guard };
  const server = await start({ ...options, steps: fastStop });
  return { ...server, url: urlOf(readFileSync(passwordFile, 'utf8').trim(), server.port) };
}

/** A server for one test run: nothing is durable, and its directory goes with it. */
export async function startEphemeralPostgres({ guard, settings = [] }) {
  const owner = postgresOwner();
  const native = postgresBinaries(owner);
  const home = testDirectory('postgres', reachablePlace(owner, [tmpdir(), '/tmp', '/var/tmp']));
  guard.removeLater(home);
  const password = randomBytes(18).toString('base64url');
  initialise({ native, owner, home, password });
  const quick = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_buffers=32MB',
    'max_connections=200',
  ];
  const logFile = join(home, 'postgres.log');
  const options = { native, owner, data: join(home, 'data'), settings: [...quick, ...settings], logFile, guard };
  const server = await start({ ...options, steps: throwAwayStop });
  const stop = async () => {
    await server.stop();
    removeDirectory(home);
  };
  return { ...server, url: urlOf(password, server.port), stop };
}

const urlOf = (password, port) => `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;

function newPassword(file) {
  mkdirSync(dirname(file), { recursive: true });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** DATA_DIR/postgres, or, where the database's user cannot reach that, a place it can, remembered in DATA_DIR. */
function clusterHome(dataDir) {
  const wanted = join(dataDir, 'postgres');
  const pointer = join(dataDir, 'postgres-place');
  if (existsSync(pointer)) return readFileSync(pointer, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const owner = postgresOwner(existsSync(wanted) ? statSync(wanted) : undefined);
  if (canReach(dataDir, owner)) return wanted;
  if (canReach(dirname(dataDir), owner)) {
    say(`${dataDir} is opened for passing through (o+x): PostgreSQL does not run as root and has its files in it`);
    chmodSync(dataDir, statSync(dataDir).mode | 0o001);
    return wanted;
  }
  const place = mkdtempSync(join(reachablePlace(owner, ['/var/lib', '/var/tmp']), 'linkbroker-postgres-'));
  writeFileSync(pointer, `${place}\n`, { mode: 0o600 });
  say(`uid ${owner.uid}, as which PostgreSQL runs, cannot reach ${dataDir}: its files are kept in ${place}`);
  return place;
}

/** Makes the cluster aside and renames it, so that an interrupted first start leaves nothing half-made. */
function initialise({ native, owner, home, password, durable = false }) {
  const give = (path) => owner.uid !== undefined && chownSync(path, owner.uid, owner.gid);
  mkdirSync(home, { recursive: true });
  give(home);
  chmodSync(home, 0o700);
  const draft = join(home, 'data.new');
  const passwordFile = join(home, 'initial-password');
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  give(passwordFile);
  const choices = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
  if (!durable) choices.push('--no-sync');
  const who = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const how = { ...owner, cwd: home, env: environment(), encoding: 'utf8' };
  const made = spawnSync(join(native, 'bin/initdb'), ['-D', draft, ...who, ...choices], how);
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) throw new Problem(`PostgreSQL could not make its files in ${home}: ${lastOf(made)}`);
  renameSync(draft, join(home, 'data'));
}

const lastOf = ({ stderr, error }) =>
  (stderr ?? '').trim().split('\n').at(-1) || String(error?.message ?? 'no reason given');

/** PostgreSQL reads PG* variables itself; a person's own must not reach into this server. */
function environment() {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(PG|LC_|LD_)|^(LANG|LANGUAGE|NODE_OPTIONS)$/.test(name),
  );
  return { ...Object.fromEntries(entries), LC_ALL: 'C', TZ: 'UTC' };
}

function walCompression(native, data, owner) {
  const asked = spawnSync(
    join(native, 'bin/postgres'),
    ['-D', data, '-C', 'wal_compression', '-c', 'wal_compression=lz4'],
    {
      ...owner,
      cwd: '/',
      env: environment(),
    },
  );
  return asked.status === 0 ? 'lz4' : 'pglz';
}

/** A server left over from a launcher that was killed together with its watchdog, or only its pid file. */
async function clearLeftover(data) {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (isAlive(pid) && runsIn(pid, data)) await endProcess({ pid }, fastStop);
  // PostgreSQL refuses to start when any process of its user has that pid by now, whatever it is.
  rmSync(pidFile, { force: true });
}

function runsIn(pid, data) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return basename(words[0] ?? '') === 'postgres' && words.includes(data);
  } catch {
    return process.platform !== 'linux';
  }
}

async function start({ native, owner, data, settings, logFile, guard, steps }) {
  const launch = (port, log) => {
    const all = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings];
    const args = ['-D', data, ...all.flatMap((one) => ['-c', one])];
    // Detached: a terminal's Ctrl-C must reach the launcher alone, which stops the stores last.
    const how = { ...owner, cwd: '/', env: environment(), detached: true, stdio: ['ignore', log, log] };
    return spawn(join(native, 'bin/postgres'), args, how);
  };
  return await startStore({
    name: 'PostgreSQL',
    logFile,
    guard,
    steps,
    launch,
    isReady: (port) => acceptsConnections(port),
    telling: /FATAL|PANIC|ERROR|error while/,
    transient: /Address already in use|pre-existing shared memory/,
    patience: startPatience,
  });
}
