import { createHash } from 'node:crypto';
import { Latencies } from '../bench/load/latencies.mjs';
import { connect } from '../bench/stores.mjs';
import { Problem } from '../lib/problem.mjs';
import { linkTables, sizesOf, statisticsOf } from './sizes.mjs';

/** Refreshes in one statement, and statements at once: what a busy broker comes to (ADR 0009). */
const batch = 16;
const lanes = 2;

const GRANTS = `SELECT tenant_id AS tenant, skill_id AS skill, array_agg(id) AS ids FROM linkbroker.grants GROUP BY 1, 2`;
const REFRESH = {
  name: 'refresh_grants',
  text: 'SELECT linkbroker.refresh_grants($1, $2, $3, $4, $5, $6, $7, $8) AS settled',
};

/**
 * As many facade refreshes as there are links, each of a random grant, through the function and with the rights that the
 * broker has; autovacuum comes when it comes. Then one vacuum, timed.
 * @param {{ client: import('pg').Client, urls: object, links: number }} parts
 */
export async function measureFacade({ client, urls, links }) {
  const { rows: tenants } = await client.query(GRANTS);
  const before = await look(client);
  const progress = new Latencies();
  const began = performance.now();
  const share = Math.ceil(links / lanes);
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      refreshLane({
        url: urls.broker,
        tenants: tenants.filter((_, index) => index % lanes === lane),
        count: Math.min(share, links - lane * share),
        progress,
      }),
    ),
  );
  const seconds = (performance.now() - began) / 1_000;
  const after = await look(client);
  const vacuumed = performance.now();
  await client.query('VACUUM linkbroker.grants');
  const vacuumSeconds = (performance.now() - vacuumed) / 1_000;
  const { table, total } = before.size;
  const updates = after.updates - before.updates;
  return {
    refreshes: links,
    perSecond: links / seconds,
    hotShare: (after.hotUpdates - before.hotUpdates) / updates,
    dead: after.dead,
    autovacuums: after.autovacuums - before.autovacuums,
    tableGrowth: after.size.table / table - 1,
    indexGrowth: (after.size.total - after.size.table) / (total - table) - 1,
    latency: progress.summary(),
    vacuumSeconds,
  };
}

async function look(client) {
  const sizes = await sizesOf(client, linkTables);
  return { ...(await statisticsOf(client, 'grants')), size: sizes.grants };
}

/** One connection, tenants in turn. A connection that ends has reported its counts. */
async function refreshLane({ url, tenants, count, progress }) {
  const connection = await connect(url);
  const presented = tenants.map(({ ids }) => new Uint32Array(ids.length).fill(1));
  for (let done = 0, turn = 0; done < count; turn = (turn + 1) % tenants.length) {
    const size = Math.min(batch, count - done, tenants[turn].ids.length);
    const began = performance.now();
    await refreshBatch(connection, tenants[turn], presented[turn], size);
    progress.add(performance.now() - began);
    done += size;
  }
  await connection.end();
}

async function refreshBatch(connection, { tenant, skill, ids }, presented, size) {
  const places = new Set();
  while (places.size < size) places.add(Math.floor(Math.random() * ids.length));
  // Rows are locked in the order of their ids, as the broker's batches do.
  const sorted = [...places].sort((a, b) => (ids[a] < ids[b] ? -1 : 1));
  const each = (read) => sorted.map(read);
  const now = new Date();
  const values = [
    tenant,
    each(() => skill),
    each((place) => ids[place]),
    each((place) => createHash('sha256').update(ids[place]).digest()),
    each((place) => presented[place]),
    each(() => null),
    each(() => now),
    each(() => 1),
  ];
  const { rows } = await connection.query({ ...REFRESH, values });
  sorted.forEach((place, index) => {
    const [generation] = rows[0].settled?.[index]?.split(' ') ?? [];
    presented[place] += 1;
    if (Number(generation) !== presented[place])
      throw new Problem('a facade refresh was not answered with its successor');
  });
}
