import './lib/node-version.mjs';

// Imported only now: the check above must have its say before newer syntax and libraries are read.
const { up } = await import('./lib/up.mjs');
process.exit(await up(process.argv.slice(2)));
