import './lib/node-version.mjs';

// Imported only now: the check above must have its say before newer syntax and libraries are read.
const { launchBench } = await import('./bench/launch.mjs');
process.exit(await launchBench(process.argv.slice(2)));
