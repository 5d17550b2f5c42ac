import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTaskProcess } from '../bench/load/generator-process.mjs';
import { cpuTicks, familyTicks, ticksPerSecond } from '../bench/measure/processes.mjs';
import { createDatabase } from '../bench/stores.mjs';
import { root } from '../lib/paths.mjs';
import { Problem, say } from '../lib/problem.mjs';
import { serviceEnvironment, serviceFlags } from '../lib/runtime.mjs';

/** What the worker ships with: its pool, its connections to one host, its claim. */
const poolSize = 12;
const connections = 16;
const atOnce = 64;
/** Milliseconds for a round; a worker looks every five seconds. */
const patience = 300_000;
/** Seconds without an answer stored that are told of: the disk stood still, or something was left for the next look. */
const standstill = 1;

const BARE = `
CREATE TABLE sets (id uuid PRIMARY KEY, version int NOT NULL, fence int NOT NULL, lease_until timestamptz, sealed bytea NOT NULL,
  updated_at timestamptz NOT NULL)`;
const BARE_SETS = `
INSERT INTO sets SELECT id, 1, 1, NULL, decode(repeat('5a', 450), 'hex'), now() FROM unnest($1::uuid[]) AS id`;

const DUE_NOW = `UPDATE linkbroker.upstream_token_sets SET refresh_due_at = now() WHERE id = ANY ($1::uuid[])`;
const STORED = `
SELECT count(*)::int AS stored FROM linkbroker.upstream_refresh_attempts WHERE began_at >= $1 AND outcome = 'stored'`;
const ROUND = `
SELECT count(*) FILTER (WHERE outcome <> 'stored')::int AS failed,
  extract(epoch FROM max(ended_at) - min(began_at))::float8 AS seconds, extract(epoch FROM max(pause))::float8 AS pause
FROM (SELECT *, ended_at - lag(ended_at) OVER (ORDER BY ended_at) AS pause
      FROM linkbroker.upstream_refresh_attempts WHERE began_at >= $1) AS attempts`;

/** The worker as `npm run up` starts it, with nothing changed but where the upstream may be. */
export function startWorker({ servers, stores, urls, keys, upstreamPort }) {
  return servers.start({
    name: 'worker',
    flags: serviceFlags,
    script: join(root, 'apps/worker/dist/main.js'),
    env: {
      ...serviceEnvironment,
      DATABASE_URL: urls.worker,
      REDIS_URL: stores.redisUrl,
      MASTER_KEYS: keys,
      DATA_DIR: stores.directory,
      EGRESS_ALLOW: `127.0.0.1/32:${upstreamPort}`,
      LOG_LEVEL: 'info',
    },
    ports: ['METRICS_PORT'],
    path: '/health/live',
    accept: (status) => status === 200,
  });
}

/**
 * Rounds of the worker and of the bare loop, in turns first. What one round refreshes is not due again in the next.
 * @param {{ client: import('pg').Client, stores: object, guard: object, worker: object, upstreamPort: number, dueIds: string[], rounds: number, links: number }} parts
 */
export async function measureThroughput(parts) {
  const { client, stores, worker, dueIds, rounds } = parts;
  const bare = await startBare(parts);
  const figures = { worker: [], bare: [] };
  const size = Math.floor(dueIds.length / rounds);
  for (let round = 0; round < rounds; round += 1) {
    const runs = [
      async () => {
        const ids = dueIds.slice(round * size, (round + 1) * size);
        figures.worker.push(await workerRound({ client, stores, worker, ids }));
      },
      async () => {
        figures.bare.push(await bare.round(round, size));
      },
    ];
    for (const run of round % 2 === 0 ? runs : runs.toReversed()) await run();
    const [one, other] = [figures.worker.at(-1), figures.bare.at(-1)].map(({ perSecond }) => Math.round(perSecond));
    say(`round ${round + 1}: worker ${one}/s, bare loop ${other}/s`);
  }
  bare.stop();
  return figures;
}

async function startBare({ stores, guard, upstreamPort, dueIds, links }) {
  const database = `bare_${links}`;
  const client = await createDatabase(stores, database, BARE);
  const ids = dueIds.map(() => randomUUID());
  await client.query(BARE_SETS, [ids]);
  await client.query('VACUUM (ANALYZE) sets');
  const { run, stop } = await startTaskProcess({
    guard,
    script: fileURLToPath(new URL('./bare-loop.mjs', import.meta.url)),
    name: 'the bare loop',
    env: {
      NODE_ENV: 'production',
      DATABASE_URL: stores.urlOf(database),
      UPSTREAM_PORT: String(upstreamPort),
      POOL_SIZE: String(poolSize),
      CONNECTIONS: String(connections),
      AT_ONCE: String(atOnce),
    },
  });
  const task = async (part) => {
    const ticks = familyTicks(stores.postmaster);
    const { result, error } = await run({ ids: part });
    if (error) throw new Problem(`the bare loop: ${error}`);
    const postgresCpuMs = ((familyTicks(stores.postmaster) - ticks) / ticksPerSecond / part.length) * 1_000;
    return { ...result, postgresCpuMs };
  };
  // Opens its connections and lets V8 see the code, as the worker has done at its start and in its first claims.
  await task(ids.slice(0, 500));
  await client.end();
  return {
    stop,
    async round(round, size) {
      await stores.client.query('CHECKPOINT');
      return task(ids.slice(round * size, (round + 1) * size));
    },
  };
}

/** From the first claim to the last answer stored, by the journal: waiting for the next look does not count. */
async function workerRound({ client, stores, worker, ids }) {
  await stores.client.query('CHECKPOINT');
  const { rows } = await client.query('SELECT clock_timestamp() AS now');
  const began = rows[0].now;
  const ticks = { worker: cpuTicks(worker.pid), postgres: familyTicks(stores.postmaster) };
  await client.query(DUE_NOW, [ids]);
  await untilStored(client, began, ids.length);
  const [{ seconds, failed, pause }] = (await client.query(ROUND, [began])).rows;
  if (failed > 0) say(`${failed} attempts of this round brought nothing`);
  if (pause > standstill) say(`nothing was stored for ${pause.toFixed(1)} s of this round`);
  const each = (now, before) => ((now - before) / ticksPerSecond / ids.length) * 1_000;
  return {
    perSecond: ids.length / seconds,
    cpuMs: each(cpuTicks(worker.pid), ticks.worker),
    postgresCpuMs: each(familyTicks(stores.postmaster), ticks.postgres),
  };
}

/** The journal holds no more than what this measurement did. */
async function untilStored(client, began, count) {
  const end = performance.now() + patience;
  for (;;) {
    await delay(200);
    const { rows } = await client.query(STORED, [began]);
    if (rows[0].stored >= count) return;
    if (performance.now() > end) throw new Problem(`${count} sets were due, ${rows[0].stored} were refreshed in time`);
  }
}
