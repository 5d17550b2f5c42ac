/** The worker as a library, so that tests can run it in process. */
export * from './create-worker.js';
export * from './environment.js';
