import './lib/node-version.mjs';

const { runTests } = await import('./lib/test-run.mjs');
process.exit(await runTests(process.argv.slice(2)));
