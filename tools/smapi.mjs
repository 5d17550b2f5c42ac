import './lib/node-version.mjs';

const { callerDirectory } = await import('./lib/paths.mjs');
const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// A skill's account linking for Amazon's Skill Management API, and how Amazon's side differs from it. It runs where the
// caller stands: npm itself moves to the checkout, and files are the caller's.
try {
  const env = runningEnvironment('DATABASE_URL');
  process.exitCode = await runBuilt('admin/dist/smapi.js', process.argv.slice(2), { env, cwd: callerDirectory() });
} catch (error) {
  process.exitCode = report(error);
}
