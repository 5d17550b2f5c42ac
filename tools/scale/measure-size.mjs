import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, prepareDatabase } from '../bench/stores.mjs';
import { say } from '../lib/problem.mjs';
import { scaleConfig } from './configuration.mjs';
import { measureFacade } from './facade.mjs';
import { measureLists } from './lists.mjs';
import { populate } from './population.mjs';
import { linkTables, sizesOf, statisticsOf } from './sizes.mjs';
import { measureThroughput, startWorker } from './throughput.mjs';

/**
 * A database of its own with so many links, migrated and configured by the product's commands.
 * @param {{ links: number, options: object, stores: object, family: object, upstreamPort: number }} parts
 */
export async function loadSize({ links, options, stores, family, upstreamPort }) {
  const database = `scale_${links}`;
  const config = join(stores.directory, `${database}.yaml`);
  writeFileSync(config, scaleConfig(upstreamPort), { mode: 0o600 });
  const { urls, keys } = await prepareDatabase({ stores, family, database, config, variables: {} });
  say(`${links} links: loading …`);
  const began = performance.now();
  const loader = await connect(stores.urlOf(database));
  const { dueIds } = await populate({ client: loader, urls, keys, links, due: options.due });
  await loader.end();
  const loadSeconds = (performance.now() - began) / 1_000;
  const client = await connect(stores.urlOf(database));
  const size = await sizesOf(client, linkTables);
  say(`${links} links: loaded in ${loadSeconds.toFixed(0)} s`);
  return { links, database, urls, keys, client, dueIds, loadSeconds, size };
}

/**
 * Everything but claims at one size; its database is gone afterwards.
 * @param {{ loaded: Awaited<ReturnType<typeof loadSize>>, options: object, stores: object, guard: object, servers: object, upstreamPort: number }} parts
 */
export async function measureSize({ loaded, options, stores, guard, servers, upstreamPort }) {
  const { links, database, urls, keys, client, dueIds, loadSeconds, size } = loaded;
  say(`${links} links: refreshing upstream …`);
  const worker = await startWorker({ servers, stores, urls, keys, upstreamPort });
  const rounds = { client, stores, guard, worker, upstreamPort, dueIds, rounds: options.rounds, links };
  const throughput = await watched(client, dueIds.length, () => measureThroughput(rounds));
  await worker.stop();
  say(`${links} links: refreshing at the facade …`);
  const facade = await measureFacade({ client, urls, links });
  say(`${links} links: listing …`);
  const lists = await measureLists({ client, stores, servers, urls, keys });
  await client.end();
  for (const name of [database, `bare_${links}`]) await stores.client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  return { links, loadSeconds, size, ...throughput, facade, lists };
}

/** What upstream refreshes leave behind in their tables. */
async function watched(client, refreshes, work) {
  const tables = ['upstream_token_sets', 'upstream_refresh_attempts'];
  await client.query('TRUNCATE linkbroker.upstream_refresh_attempts');
  const look = async () => ({
    size: await sizesOf(client, tables),
    sets: await statisticsOf(client, 'upstream_token_sets'),
  });
  const before = await look();
  const rounds = await work();
  const after = await look();
  const growth = (table) => (after.size[table].total - before.size[table].total) / refreshes;
  return {
    rounds,
    left: {
      journalBytes: growth('upstream_refresh_attempts'),
      setBytes: growth('upstream_token_sets'),
      autovacuums: after.sets.autovacuums - before.sets.autovacuums,
    },
  };
}
