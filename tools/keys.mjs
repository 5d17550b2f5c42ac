import './lib/node-version.mjs';

const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// Rotates keys of the running `up`, or says what still needs which; docs/keys.md has the steps.
try {
  process.exitCode = await runBuilt('admin/dist/keys.js', process.argv.slice(2), {
    env: runningEnvironment('DATABASE_URL'),
  });
} catch (error) {
  process.exitCode = report(error);
}
