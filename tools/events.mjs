import './lib/node-version.mjs';

const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// Lists what became of events for webhooks, or sends them once more; docs/events.md says when.
try {
  process.exitCode = await runBuilt('admin/dist/events.js', process.argv.slice(2), {
    env: runningEnvironment('DATABASE_URL'),
  });
} catch (error) {
  process.exitCode = report(error);
}
