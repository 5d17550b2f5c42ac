/**
 * What specs share: a clock that stands still, a way to wait, grants and relayed answers in memory, and the conformance suites that
 * their stores must pass. Imported only from specs.
 */
export * from './eventually.js';
export * from './fixed-clock.js';
export * from './free-port.js';
export * from './grants-conformance.js';
export * from './grants-under-test.js';
export * from './leak-watch.js';
export * from './memory-grants.js';
export * from './memory-relayed-tokens.js';
export * from './relayed-tokens-conformance.js';
export * from './watch-server.js';
