import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../lib/paths.mjs';
import { heal, injectFaults } from './inject.mjs';
import { judgeRun } from './judge-run.mjs';
import { linkHousehold } from './link.mjs';
import { startLoad } from './load.mjs';
import { scheduleFaults } from './schedule.mjs';
import { settle, verify } from './settle.mjs';
import { watchStarvation } from './starvation.mjs';
import { readLedger } from './verdict.mjs';
import { openWorld } from './world.mjs';

const households = { strict: 28, grace: 8 };
const linkedAtOnce = 4;

/** From now on all sets count as in use, so that the worker keeps them fresh. */
const IN_USE = 'UPDATE linkbroker.upstream_token_sets SET last_used_at = now(), refresh_due_at = active_due_at';

/**
 * One run from an empty directory to a verdict.
 * @param {{ seed: number, seconds: number, guard: object, family: object, tell: (line: string) => void }} options
 */
export async function runSeed({ seed, seconds, guard, family, tell }) {
  const began = Date.now();
  const faults = scheduleFaults(seed, seconds);
  const world = await openWorld({ guard, family });
  try {
    const linked = await linkAll(world);
    await world.sql(IN_USE);
    const starvation = watchStarvation(world.fleet);
    const load = startLoad({ seed, world, households: linked, whereIs: () => world.fleet.brokers() });
    tell(`seed ${seed}: ${linked.length} links, ready after ${seconds1(began)} s, ${faults.length} faults`);
    const fates = [];
    await injectFaults({ world, faults, tell, fates });
    await heal(world);
    const settled = await settle(world);
    await load.stop();
    const final = await conclude({ world, linked, settled });
    starvation.stop();
    const told = await world.upstream.report();
    const ledger = readLedger(told, fates);
    const judged = judgeRun({ observed: load.observed, fates, ledger, starved: starvation.starved, final });
    const figures = {
      ...judged.figures,
      states: statesOf(final.links),
      settledMs: settled.ms,
      worstLagMs: starvation.worstLagMs(),
      ...incidents(world),
    };
    if (judged.violations.length > 0) keep(world, seed, { faults, fates, judged, repeats: ledger.repeats, told });
    return { seed, ...judged, figures: { ...figures, faults: faults.length, seconds: Number(seconds1(began)) } };
  } catch (error) {
    keep(world, seed, { faults, error: String(error?.stack ?? error) });
    throw error;
  } finally {
    await world.close();
  }
}

const seconds1 = (began) => ((Date.now() - began) / 1_000).toFixed(1);

async function linkAll(world) {
  const wanted = Object.entries(households).flatMap(([connector, count]) =>
    Array.from({ length: count }, (_, index) => ({ connector, user: `${connector}-${index + 1}` })),
  );
  const [{ port }] = world.fleet.brokers();
  const linked = [];
  const next = async () => {
    for (let one = wanted.shift(); one; one = wanted.shift()) linked.push(await linkHousehold({ world, port, ...one }));
  };
  await Promise.all(Array.from({ length: linkedAtOnce }, next));
  return linked;
}

async function conclude({ world, linked, settled }) {
  const hasEnded = async () =>
    new Set((await world.upstream.report()).families.filter(({ deadAt }) => deadAt !== null).map(({ user }) => user));
  const { links, unrefreshed } = await verify({ world, households: linked, hasEnded });
  await delay(200);
  const unsettled = [...settled.left, ...unrefreshed.map((one) => `not refreshed: ${one}`)].map((why) => ({ why }));
  return { links, unsettled };
}

function statesOf(links) {
  const states = {};
  for (const { state } of links) states[state] = (states[state] ?? 0) + 1;
  return states;
}

/** What the product's own logs tell of the run. */
function incidents({ fleet, stores }) {
  const counts = {};
  for (const { name } of fleet.all()) {
    const text = readFileSync(join(stores.directory, 'logs', `${name}.log`), 'utf8');
    for (const [, event] of text.matchAll(
      /"name":"((?:incident\.|upstream\.(?:recovered|attempt_lost|dead)|connector\.parked)[a-z_.]*)"/g,
    )) {
      counts[event] = (counts[event] ?? 0) + 1;
    }
  }
  return { traced: counts };
}

/** A run that failed is to be looked at: its logs stay, with what was done and seen. */
function keep({ stores }, seed, seen) {
  const place = join(root, 'tmp', `chaos-failed-${seed}`);
  cpSync(join(stores.directory, 'logs'), place, { recursive: true });
  writeSeen(place, seen);
}

function writeSeen(place, seen) {
  writeFileSync(join(place, 'seen.json'), `${JSON.stringify(seen, null, 2)}\n`);
}
