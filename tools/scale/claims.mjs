import { Latencies } from '../bench/load/latencies.mjs';
import { connect } from '../bench/stores.mjs';

/** As `refreshDueTokens` claims. */
const claim = { limit: 64, perConnector: 32, leaseMs: 30_000 };
const emptySweeps = 40;
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
 *
 * All sizes are drained in every round, there and back, because they are compared with each other: a machine that is
 * slower a minute later would otherwise be taken for growth.
 * @param {Array<{ client: import('pg').Client, urls: object, dueIds: string[] }>} sizes
 * @param {number} rounds
 */
export async function measureClaims(sizes, rounds) {
  const drains = [];
  for (const size of sizes) drains.push(await openDrain(size));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of round % 2 === 0 ? drains : drains.toReversed()) await one.play();
  }
  const figures = [];
  for (const one of drains) figures.push(await one.conclude());
  return figures;
}

async function openDrain({ client, urls, dueIds }) {
  const due = dueIds.length;
  const worker = await connect(urls.worker);
  const store = await openStore(urls.worker);
  const settle = (ids) => client.query(SETTLE, [ids]);
  const vacuum = () => client.query('VACUUM linkbroker.upstream_token_sets');
  const again = async () => {
    await client.query('TRUNCATE linkbroker.upstream_refresh_attempts');
    await client.query(DUE_AGAIN, [dueIds]);
    await vacuum();
  };
  const latencies = new Latencies();
  const empties = new Latencies();
  const rounds = [];
  const buffers = await drainExplained({ client, worker, due });
  return {
    async play() {
      // The first change of a page after a checkpoint writes the whole page to the log: making sets due pays for it.
      await client.query('CHECKPOINT');
      await again();
      const drained = await drainTimed({ store, settle, latencies, due });
      await vacuum();
      rounds.push({ ...drained, emptyMs: await sweepNothing(store, empties) });
    },
    async conclude() {
      await again();
      await client.query('CHECKPOINT');
      const imaged = await drainTimed({ store, settle, latencies: new Latencies(), due });
      await vacuum();
      const { hit, read } = await explained(worker);
      await store.close();
      await worker.end();
      const empty = { latency: empties.summary(), pages: hit + read };
      return { rounds, latency: latencies.summary(), imagedMs: imaged.medianMs, buffers, empty };
    },
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

/** @returns {Promise<number>} the median, in milliseconds */
async function sweepNothing(store, latencies) {
  const own = new Latencies();
  for (let sweep = 0; sweep < emptySweeps; sweep += 1) {
    const began = performance.now();
    await store.claim();
    const took = performance.now() - began;
    own.add(took);
    latencies.add(took);
  }
  return own.summary().p50;
}
