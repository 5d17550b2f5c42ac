import './lib/node-version.mjs';

// Imported only now: the check above must have its say before newer syntax and libraries are read.
const { launchDoctor } = await import('./doctor/launch.mjs');
process.exit(await launchDoctor(process.argv.slice(2)));
