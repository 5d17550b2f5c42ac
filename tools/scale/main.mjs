import { writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine } from '../bench/measure/machine.mjs';
import { machineLines, targetTable } from '../bench/report.mjs';
import { anyAnswer, serverProcesses } from '../bench/server-processes.mjs';
import { openStores } from '../bench/stores.mjs';
import { say } from '../lib/problem.mjs';
import { runFamily } from '../lib/run-family.mjs';
import { measureClaims } from './claims.mjs';
import { loadSize, measureSize } from './measure-size.mjs';
import { readScaleOptions } from './options.mjs';
import { tables } from './report.mjs';
import { judge } from './targets.mjs';

/** The measurement itself; started by launch.mjs, which has installed and built what it needs. */
const options = readScaleOptions(process.argv.slice(2));
/** A quarter of the memory, where PostgreSQL's own documentation begins; the 128 MB of `npm run up` are for a demo. */
const settings = [`shared_buffers=${Math.floor(totalmem() / 4 / 2 ** 20)}MB`];
process.exit(await runFamily(scale));

async function scale(family, guard) {
  const stores = await openStores({ guard, family, settings });
  const servers = serverProcesses({ guard, logs: join(stores.directory, 'logs') });
  try {
    return await Promise.race([servers.crashed, allSizes({ family, guard, stores, servers })]);
  } finally {
    await servers.stopAll();
  }
}

async function allSizes({ family, guard, stores, servers }) {
  const machine = await describeMachine(stores.place, stores.client);
  const script = fileURLToPath(new URL('./upstream.mjs', import.meta.url));
  const upstream = await servers.start({ name: 'upstream', script, ports: ['PORT'], path: '/', accept: anyAnswer });
  const parts = { options, stores, family, guard, servers, upstreamPort: upstream.port };
  const sizes = [];
  for (const links of options.sizes) sizes.push(await loadSize({ ...parts, links }));
  say('claiming, at one size after the other, in turns …');
  const claims = await measureClaims(sizes, options.drains);
  const results = [];
  for (const [at, loaded] of sizes.entries()) {
    results.push({ ...(await measureSize({ ...parts, loaded })), claims: claims[at] });
  }
  return conclude({ machine, results });
}

/** Prints what was found; the tables and the targets come last. @returns {number} the exit code */
function conclude({ machine, results }) {
  const verdicts = judge(results);
  if (options.json) {
    const raw = { machine, options, results, targets: verdicts };
    writeFileSync(options.json, `${JSON.stringify(raw, null, 2)}\n`);
    say(`raw figures are in ${options.json}`);
  }
  if (machine.loadAverage > 1)
    say(`doubtful: the machine was busy before the run (load ${machine.loadAverage.toFixed(2)})`);
  const missed = verdicts.filter(({ met }) => !met);
  const last = options.quick
    ? 'a quick run: for information, nothing is decided'
    : missed.length === 0
      ? 'all targets met'
      : `${missed.length} of ${verdicts.length} targets missed`;
  const how = `${options.due} sets due at each size, ${options.rounds} rounds, ${settings.join(', ')}`;
  const parts = [machineLines({ machine }, how), tables(results), targetTable(verdicts), last];
  process.stdout.write(`\n${parts.join('\n\n')}\n`);
  return options.quick || missed.length === 0 ? 0 : 1;
}
