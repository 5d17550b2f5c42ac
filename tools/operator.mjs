import './lib/node-version.mjs';

const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// Prints the one-time link for the first operator of the running `up`, lists operators, resets a lost second factor.
try {
  process.exitCode = await runBuilt('admin/dist/operator.js', process.argv.slice(2), {
    env: runningEnvironment('DATABASE_URL'),
  });
} catch (error) {
  process.exitCode = report(error);
}
