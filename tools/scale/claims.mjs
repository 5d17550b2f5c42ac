import { Latencies } from '../bench/load/latencies.mjs';
import { connect } from '../bench/stores.mjs';
import { spread } from '../bench/measure/statistics.mjs';

/** As `refreshDueTokens` claims. */
const claim = { limit: 64, perConnector: 32, leaseMs: 30_000 };
const emptySweeps = 100;
const patience = 60_000;

/** What storing an answer does to the rows that matter to the next claim. */
const SETTLE = `
UPDATE linkbroker.upstream_token_sets SET refresh_due_at = now() + interval '50 minutes', lease_until = NULL
WHERE id = ANY ($1::uuid[])`;
const SETTLE_LEASED = `
UPDATE linkbroker.upstream_token_sets AS u SET refresh_due_at = now() + interval '50 minutes', lease_until = NULL
FROM linkbroker.upstream_refresh_attempts AS a WHERE a.ended_at IS NULL AND u.id = a.token_set_id AND u.lease_until IS NOT NULL`;
const DUE_AGAIN = `
UPDATE linkbroker.upstream_token_sets SET refresh_due_at = now() - random() * interval '1 hour', lease_until = NULL
WHERE id = ANY ($1::uuid[])`;
const EXPLAIN = `
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
SELECT * FROM linkbroker.claim_due_token_sets(now(), ${claim.limit}, ${claim.perConnector}, interval '${claim.leaseMs} ms')`;

/**
 * What it costs to claim everything that is due, batch after batch, as the worker's role and through its store, and what a
 * sweep costs that finds nothing. What a claim took is settled before the next one, which is not counted; between drains
 * everything is made due again and vacuumed. The last drain comes right after a checkpoint.
 * @param {{ client: import('pg').Client, urls: object, dueIds: string[], drains: number }} parts
 */
export async function measureClaims({ client, urls, dueIds, drains }) {
  const worker = await connect(urls.worker);
  const store = await openStore(urls.worker);
  const checkpoint = () => client.query('CHECKPOINT');
  const again = async () => {
    await client.query('TRUNCATE linkbroker.upstream_refresh_attempts');
    await client.query(DUE_AGAIN, [dueIds]);
    await client.query('VACUUM linkbroker.upstream_token_sets');
  };
  const settle = (ids) => client.query(SETTLE, [ids]);
  const buffers = await drainExplained({ client, worker, due: dueIds.length });
  const latencies = new Latencies();
  const runs = [];
  for (let drain = 0; drain < drains; drain += 1) {
    // The first change of a page after a checkpoint writes the whole page to the log: making sets due pays for it.
    await checkpoint();
    await again();
    runs.push(await drainTimed({ store, settle, latencies, due: dueIds.length }));
  }
  await again();
  await checkpoint();
  const imaged = await drainTimed({ store, settle, latencies: new Latencies(), due: dueIds.length });
  await client.query('VACUUM linkbroker.upstream_token_sets');
  const empty = await sweepNothing(store, worker);
  await store.close();
  await worker.end();
  const of = (name) => spread(runs.map((run) => run[name]));
  return {
    latency: latencies.summary(),
    sweepMs: of('sweepMs'),
    medianMs: of('medianMs'),
    imagedMs: imaged.medianMs,
    buffers,
    empty,
  };
}

async function openStore(url) {
  const { DueTokenSetsStore, openDatabase } = await import('../../libs/persistence/dist/index.js');
  const opened = await openDatabase(url, 1);
  const store = new DueTokenSetsStore(opened.database);
  return {
    claim: () => store.claimDue(new Date(), claim, performance.now() + patience),
    close: () => opened.close(),
  };
}

async function drainTimed({ store, settle, latencies, due }) {
  const own = new Latencies();
  let sweepMs = 0;
  let claimed = 0;
  for (;;) {
    const began = performance.now();
    const sets = await store.claim();
    const took = performance.now() - began;
    sweepMs += took;
    if (sets.length === 0) break;
    claimed += sets.length;
    own.add(took);
    latencies.add(took);
    await settle(sets.map(({ id }) => id));
  }
  if (claimed !== due) throw new Error(`${due} sets were due, ${claimed} were claimed`);
  return { sweepMs, medianMs: own.summary().p50 };
}

/** @returns {Promise<{ claims: number, hit: number, read: number, dirtied: number }>} pages of 8 kB for each claim */
async function drainExplained({ client, worker, due }) {
  const sums = { hit: 0, read: 0, dirtied: 0 };
  let claims = 0;
  for (let claimed = 0; claimed < due; claims += 1) {
    const { rows, ...pages } = await explained(worker);
    if (rows === 0) throw new Error(`${due} sets were due, ${claimed} were claimed`);
    claimed += rows;
    for (const name of Object.keys(sums)) sums[name] += pages[name];
    await client.query(SETTLE_LEASED);
  }
  const each = Object.entries(sums).map(([name, sum]) => [name, sum / claims]);
  return { claims, ...Object.fromEntries(each) };
}

async function explained(worker) {
  const { rows } = await worker.query(EXPLAIN);
  const { Plan: plan } = rows[0]['QUERY PLAN'][0];
  const { 'Shared Hit Blocks': hit, 'Shared Read Blocks': read, 'Shared Dirtied Blocks': dirtied } = plan;
  return { rows: plan['Actual Rows'], hit, read, dirtied };
}

async function sweepNothing(store, worker) {
  const latencies = new Latencies();
  for (let sweep = 0; sweep < emptySweeps; sweep += 1) {
    const began = performance.now();
    await store.claim();
    latencies.add(performance.now() - began);
  }
  const { hit, read } = await explained(worker);
  return { latency: latencies.summary(), pages: hit + read };
}
