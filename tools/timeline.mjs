import './lib/node-version.mjs';

const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// Shows what happened to a link, or writes the support case about it, by the API of the running `up`.
try {
  process.exitCode = await runBuilt('admin/dist/timeline.js', process.argv.slice(2), {
    env: runningEnvironment('ADMIN_URL'),
  });
} catch (error) {
  process.exitCode = report(error);
}
