import { writeFileSync } from 'node:fs';
import { createFamily } from '../lib/children.mjs';
import { startGuard } from '../lib/guard.mjs';
import { report, say } from '../lib/problem.mjs';
import { stopRequest } from '../lib/stop-request.mjs';
import { readChaosOptions } from './options.mjs';
import { table } from './report.mjs';
import { runSeed } from './run-seed.mjs';

/** The fault runs themselves; started by launch.mjs, which has installed and built what they need. */
const options = readChaosOptions(process.argv.slice(2));
const stop = stopRequest();
const guard = startGuard();
const family = createFamily(guard);
process.exitCode = await run();
await family.stop();
await guard.release();
process.exit();

/** @returns {Promise<number>} the exit code */
async function run() {
  try {
    return await Promise.race([stop.then(({ code }) => code), family.crashed, chaos()]);
  } catch (error) {
    return report(error);
  }
}

async function chaos() {
  const results = [];
  for (const seed of options.seeds) {
    const result = await runSeed({ seed, seconds: options.seconds, guard, family, tell: say });
    results.push(result);
    for (const { what, about } of result.violations.slice(0, 20)) say(`VIOLATED ${what}: ${JSON.stringify(about)}`);
    say(`seed ${seed}: ${JSON.stringify(result.figures)}`);
    // After every run, so that one that is stopped leaves what it has found.
    if (options.json) writeFileSync(options.json, `${JSON.stringify({ options, results }, null, 2)}\n`);
  }
  const violated = results.filter(({ violations }) => violations.length > 0).map(({ seed }) => seed);
  process.stdout.write(`${table(results).join('\n')}\n`);
  const verdict =
    violated.length === 0
      ? 'every promise held'
      : `promises were broken with seed ${violated.join(', ')}: npm run chaos -- --seed ${violated[0]}`;
  process.stdout.write(`${results.length} seeds: ${verdict}\n`);
  const last = { seeds: results.length, violated, ...totals(results) };
  process.stdout.write(`${JSON.stringify(last)}\n`);
  return violated.length === 0 ? 0 : 1;
}

function totals(results) {
  const names = ['lost', 'doubleSpends', 'verdicts', 'late', 'wrong', 'stale', 'unsettled'];
  return Object.fromEntries(names.map((name) => [name, results.reduce((sum, { figures }) => sum + figures[name], 0)]));
}
