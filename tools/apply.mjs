import './lib/node-version.mjs';

const { callerDirectory } = await import('./lib/paths.mjs');
const { report } = await import('./lib/problem.mjs');
const { runBuilt, runningEnvironment } = await import('./lib/running.mjs');

// Validates and applies a config file to the running `up`. It runs where the caller stands: npm itself moves to the
// checkout, and FILE is the caller's.
try {
  const env = runningEnvironment('DATABASE_URL');
  process.exitCode = await runBuilt('admin/dist/apply.js', process.argv.slice(2), { env, cwd: callerDirectory() });
} catch (error) {
  process.exitCode = report(error);
}
