import './lib/node-version.mjs';

const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// Brings links of another server into the running `up`, and waits until its worker has proved them.
try {
  process.exitCode = await runBuilt('admin/dist/import.js', process.argv.slice(2), {
    env: runningEnvironment('DATABASE_URL'),
  });
} catch (error) {
  process.exitCode = report(error);
}
