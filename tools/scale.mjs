import './lib/node-version.mjs';

// Imported only now: the check above must have its say before newer syntax and libraries are read.
const { launchScale } = await import('./scale/launch.mjs');
process.exit(await launchScale(process.argv.slice(2)));
