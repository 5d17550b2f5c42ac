import '../lib/node-version.mjs';

// Imported only now: the check above must have its say before newer syntax and libraries are read.
const { launchChaos } = await import('./launch.mjs');
process.exit(await launchChaos(process.argv.slice(2)));
