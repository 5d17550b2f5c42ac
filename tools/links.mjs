import './lib/node-version.mjs';

const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// Looks at the links of the running `up`, prints repair links, and reports sign-ins that nobody needs.
try {
  process.exitCode = await runBuilt('admin/dist/links.js', process.argv.slice(2), {
    env: runningEnvironment('DATABASE_URL'),
  });
} catch (error) {
  process.exitCode = report(error);
}
