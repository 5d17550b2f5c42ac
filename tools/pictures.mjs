import './lib/node-version.mjs';

// Imported only now: the check above must have its say before newer syntax and libraries are read.
const { takePictures } = await import('./pictures/launch.mjs');
process.exit(await takePictures());
