import './lib/node-version.mjs';

const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');
const { outsideEnvironment } = await import('./lib/up-environment.mjs');

// One simulated link against the running `up`; see apps/simulator for --skill and --user.
try {
  const env = outsideEnvironment(runningEnvironment('BROKER_URL'));
  process.exitCode = await runBuilt('simulator/dist/link.js', process.argv.slice(2), { env });
} catch (error) {
  process.exitCode = report(error);
}
