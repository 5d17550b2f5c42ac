import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findRedis } from './deb-tools.mjs';
import { Problem } from './problem.mjs';
import { endProcess, isAlive, startTime } from './processes.mjs';
import { startStore } from './store-process.mjs';
import { removeDirectory, testDirectory } from './temporary.mjs';

const patience = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
];
const startPatience = 60_000;

/**
 * The Redis of a DATA_DIR, durable to the second.
 * @param {{ dataDir: string, guard: ReturnType<typeof import('./guard.mjs').startGuard> }} options
 */
export async function startRedis({ dataDir, guard }) {
  const home = join(dataDir, 'redis');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await clearLeftover(home);
  const settings = ['appendonly yes', 'appendfsync everysec', 'save ""', 'maxmemory-policy noeviction'];
  return await start({ home, settings, logFile: join(dataDir, 'logs/redis.log'), guard, steps: patience });
}

/** A Redis for one test run: nothing is written to disk, and its directory goes with it. */
export async function startEphemeralRedis({ guard }) {
  const home = testDirectory('redis');
  guard.removeLater(home);
  const settings = ['appendonly no', 'save ""'];
  const steps = [['SIGKILL', 5_000]];
  const server = await start({ home, settings, logFile: join(home, 'redis.log'), guard, steps });
  const stop = async () => {
    await server.stop();
    removeDirectory(home);
  };
  return { ...server, stop };
}

async function program() {
  if (process.env.LINKBROKER_REDIS) {
    const libraries = [process.env.LINKBROKER_REDIS_LIB, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
    return { executablePath: process.env.LINKBROKER_REDIS, env: libraries ? { LD_LIBRARY_PATH: libraries } : {} };
  }
  const { found, reason } = await findRedis();
  if (found) return found;
  throw new Problem(`no Redis: set REDIS_URL, or put redis-server or valkey-server on the PATH (${reason})`);
}

async function start({ home, settings, logFile, guard, steps }) {
  const { executablePath, env } = await program();
  const password = randomBytes(24).toString('base64url');
  const launch = (port, log) => {
    const config = writeConfig(home, [`port ${port}`, `requirepass ${password}`, ...settings]);
    // The program looks at its own name to know what it is (it is one file with several names), so argv[0] stays.
    const how = { argv0: 'redis-server', cwd: home, env: { ...process.env, ...env }, detached: true };
    const child = spawn(executablePath, [config], { ...how, stdio: ['ignore', log, log] });
    if (child.pid) {
      writeFileSync(join(home, 'process.json'), JSON.stringify({ pid: child.pid, start: startTime(child.pid) }));
    }
    return child;
  };
  const server = await startStore({
    name: 'Redis',
    logFile,
    guard,
    steps,
    launch,
    isReady: (port) => answersPing(port, password),
    telling: /./,
    transient: /Address already in use/,
    patience: startPatience,
  });
  return { ...server, url: `redis://:${password}@127.0.0.1:${server.port}/0` };
}

/** A file, not arguments: every user of the machine can read another process's arguments. */
function writeConfig(home, lines) {
  const file = join(home, 'redis.conf');
  const always = ['bind 127.0.0.1', `dir "${home}"`, 'daemonize no', 'protected-mode yes'];
  rmSync(file, { force: true });
  writeFileSync(file, `${[...always, ...lines].join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** Two servers on one append-only file would ruin it: one left over by a killed launcher is ended first. */
async function clearLeftover(home) {
  const file = join(home, 'process.json');
  if (!existsSync(file)) return;
  const left = JSON.parse(readFileSync(file, 'utf8'));
  if (left.start !== null && isAlive(left.pid, left.start)) await endProcess(left, patience);
}

/** +PONG only comes once the data is loaded. */
function answersPing(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(2_000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (data) => {
      text += data;
      if (text.split('\r\n').length > 2) answer(text === '+OK\r\n+PONG\r\n');
    });
  });
}
