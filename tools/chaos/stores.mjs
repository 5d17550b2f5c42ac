import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findRedis } from '../lib/deb-tools.mjs';
import { openLog } from '../lib/logs.mjs';
import { root } from '../lib/paths.mjs';
import { fastStop, startPostgres } from '../lib/postgres.mjs';
import { acceptsConnections } from '../lib/postgres-ready.mjs';
import { postgresOwner } from '../lib/postgres-binaries.mjs';
import { Problem } from '../lib/problem.mjs';
import { startRedis } from '../lib/redis.mjs';
import { endChild } from '../lib/store-process.mjs';
import { freezeTree, signalTree } from './process-tree.mjs';

const patience = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 5_000],
];
const startPatienceMs = 30_000;

/**
 * A PostgreSQL and a Redis with the product's own durable settings in a directory of their own, which can be killed,
 * frozen, and started again where they were.
 */
export async function openStores(guard) {
  mkdirSync(join(root, 'tmp'), { recursive: true });
  const directory = mkdtempSync(join(root, 'tmp/chaos-'));
  guard.removeLater(directory);
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir: directory, guard }),
    startRedis({ dataDir: directory, guard }),
  ]);
  const pointer = join(directory, 'postgres-place');
  const place = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : null;
  if (place) guard.removeLater(place);
  const stores = {
    postgres: struckStore(postgres, {
      guard,
      steps: fastStop,
      how: postgresOwner(),
      env: { LC_ALL: 'C', TZ: 'UTC' },
      cwd: '/',
      isUp: () => acceptsConnections(postgres.port),
    }),
    redis: struckStore(redis, {
      guard,
      steps: patience,
      env: await redisEnvironment(),
      cwd: join(directory, 'redis'),
      isUp: async () => (await sayToRedis(redis.url, 'PING')) === '+PONG',
    }),
  };
  return {
    directory,
    postgres: { ...stores.postgres, urlOf: (database) => postgres.url.replace(/\/postgres$/, `/${database}`) },
    redis: {
      ...stores.redis,
      url: redis.url,
      flush: () => sayToRedis(redis.url, 'FLUSHALL'),
      unstored: async () => Number((await sayToRedis(redis.url, 'XLEN linkbroker:unstored-answers')).slice(1)),
    },
    async close() {
      await Promise.all(Object.values(stores).map((store) => store.stop()));
      for (const path of [directory, place]) if (path) rmSync(path, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function redisEnvironment() {
  if (process.env.LINKBROKER_REDIS) return { LD_LIBRARY_PATH: process.env.LINKBROKER_REDIS_LIB ?? '' };
  return (await findRedis()).found?.env ?? {};
}

/** A store that this harness may end and start again with the same arguments, so on the same port. */
function struckStore(store, { guard, steps, how = {}, env, cwd, isUp }) {
  let { child } = store;
  let thaw = null;
  const launch = () => {
    const log = openLog(store.logFile);
    child = spawn(child.spawnfile, child.spawnargs.slice(1), {
      ...how,
      ...{
        argv0: child.spawnargs[0],
        cwd,
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, ...env },
      },
    });
    closeSync(log);
    guard.watch(child.pid, { stage: 1, steps });
  };
  const alive = () => child.exitCode === null && child.signalCode === null;
  const thawed = () => {
    thaw?.();
    thaw = null;
  };
  return {
    pid: () => child.pid,
    isUp,
    freeze: () => (thaw ??= freezeTree(child.pid)),
    thaw: thawed,
    /** SIGKILL strikes all of its processes at once; anything else asks it to end. */
    async end(name) {
      if (name === 'SIGKILL') signalTree(child.pid, name);
      await endChild(child, name === 'SIGKILL' ? [['SIGKILL', 5_000]] : [[name, 5_000], ...steps]);
      guard.forget(child.pid);
    },
    /** Starts it unless it runs, and waits until it answers. */
    async start() {
      thawed();
      const end = Date.now() + startPatienceMs;
      while (!(alive() && (await isUp()))) {
        if (Date.now() > end) throw new Problem(`${store.name} did not come back (log: ${store.logFile})`);
        if (!alive()) launch();
        await delay(50);
      }
    },
    async stop() {
      thawed();
      await endChild(child, steps);
      guard.forget(child.pid);
    },
  };
}

/** One command, and the first line of its answer; '' when there is none. */
function sayToRedis(url, command) {
  const { port, password } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    let text = '';
    const answer = (value) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(2_000, () => answer(''));
    socket.once('error', () => answer(''));
    socket.once('close', () => answer(''));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\n${command}\r\n`));
    socket.on('data', (data) => {
      text += data;
      const lines = text.split('\r\n');
      if (lines.length > 2) answer(lines[1]);
    });
  });
}
