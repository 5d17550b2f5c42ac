import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFamily } from '../lib/children.mjs';
import { startGuard } from '../lib/guard.mjs';
import { report, say } from '../lib/problem.mjs';
import { stopRequest } from '../lib/stop-request.mjs';
import { judgeAcceptGrants, playAcceptGrants } from './accept-grants.mjs';
import { benchClient } from './client.mjs';
import { assemble, assembleForTimelines, playRound, warmUp } from './contest.mjs';
import { assertBrokerDidItsWork, assertTimelines, recordedBy } from './evidence.mjs';
import { startGenerator } from './load/generator-process.mjs';
import { describeMachine } from './measure/machine.mjs';
import { createMeter } from './measure/meter.mjs';
import { readBenchOptions } from './options.mjs';
import { acceptGrantTable, doubts, machineLines, tables, targetTable, timelineTables } from './report.mjs';
import { serverProcesses } from './server-processes.mjs';
import { connect, openStores } from './stores.mjs';
import { judge, judgeTimelines } from './targets.mjs';
import { playTimelines, timelineResults, warmUpSwitched } from './timelines.mjs';

/** The benchmark itself; started by launch.mjs, which has installed and built what it needs. */
const options = readBenchOptions(process.argv.slice(2));
const stop = stopRequest();
const guard = startGuard();
const family = createFamily(guard);
const cleanUp = [];
process.exitCode = await run();
await Promise.all(cleanUp.map((step) => step()));
await family.stop();
await guard.release();
process.exit();

/** @returns {Promise<number>} the exit code */
async function run() {
  const ended = stop.then(({ code }) => code);
  try {
    return await Promise.race([ended, family.crashed, bench()]);
  } catch (error) {
    return report(error);
  }
}

async function bench() {
  const stores = await openStores({ guard, family });
  const logs = join(stores.directory, 'logs');
  const servers = serverProcesses({ guard, logs });
  cleanUp.push(() => servers.stopAll());
  return await Promise.race([servers.crashed, contest({ stores: { ...stores, connect }, servers, logs })]);
}

async function contest({ stores, servers, logs }) {
  const machine = await describeMachine(stores.place, stores.client);
  const generator = await startGenerator(guard);
  cleanUp.push(() => generator.stop());
  const measure = createMeter({ stores, generator });
  const parts = { stores, family, servers, client: benchClient(), options, generator, measure };
  const timelines = timelineResults();
  if (options.acceptGrant) {
    const acceptGrants = await playAcceptGrants(parts);
    return conclude({
      machine,
      options,
      acceptGrants,
      verdicts: judgeAcceptGrants(acceptGrants),
      text: acceptGrantTable,
    });
  }
  if (options.timelines) {
    await compareTimelines(parts, timelines);
    return conclude({ machine, options, timelines, verdicts: [judgeTimelines(timelines)], text: timelineTables });
  }
  const contestants = await assemble(parts);
  const compared = await assembleForTimelines(parts);
  const results = Object.fromEntries(
    ['refresh', 'tokenExchange', 'exchange', 'arrivals'].map((workload) => [
      workload,
      Object.fromEntries(contestants.map(({ key }) => [key, []])),
    ]),
  );
  await warmUpSwitched({ broker: compared, measure, options });
  const transactions = await warmUp({ contestants, measure, stores, options });
  for (let round = 0; round < options.rounds; round += 1) {
    await playRound({ round, contestants, measure, options, results });
    await playTimelines({ round, broker: compared, measure, options, results: timelines });
  }
  const acceptGrants = await playAcceptGrants(parts);
  const [broker] = contestants;
  const evidence = await assertBrokerDidItsWork({ broker, compared, stores, logs });
  const measured = {
    machine,
    options,
    results,
    timelines,
    acceptGrants,
    contestants,
    transactions,
    starts: broker.starts,
    evidence,
  };
  doubts(measured).forEach((line) => say(`doubtful: ${line}`));
  return conclude({ ...measured, verdicts: judge(measured), text: tables });
}

/** Nothing but a broker with timelines and without. */
async function compareTimelines(parts, results) {
  const compared = await assembleForTimelines(parts);
  await warmUpSwitched({ broker: compared, measure: parts.measure, options });
  for (let round = 0; round < options.rounds; round += 1) {
    await playTimelines({ round, broker: compared, measure: parts.measure, options, results });
  }
  await assertTimelines(parts.stores, [recordedBy(compared)]);
}

/** Prints what was found; the tables and the targets come last. @returns {number} the exit code */
function conclude({ verdicts, text, ...measured }) {
  if (options.json) {
    const { machine, results, timelines, acceptGrants, transactions, starts, evidence } = measured;
    const raw = {
      machine,
      options,
      results,
      timelines,
      acceptGrants,
      transactions,
      starts,
      evidence,
      targets: verdicts,
    };
    writeFileSync(options.json, `${JSON.stringify(raw, null, 2)}\n`);
    say(`raw figures are in ${options.json}`);
  }
  const missed = verdicts.filter(({ met }) => !met);
  const last = options.quick
    ? 'a quick run: for information, nothing is decided'
    : missed.length === 0
      ? 'all targets met'
      : `${missed.length} of ${verdicts.length} targets missed`;
  const how = `${options.rounds} rounds, ${options.chains} chains`;
  const parts = [machineLines(measured, how), text(measured), targetTable(verdicts), last];
  process.stdout.write(`\n${parts.join('\n\n')}\n`);
  return options.quick || missed.length === 0 ? 0 : 1;
}
