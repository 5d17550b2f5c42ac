/**
 * What specs share: a clock that stands still, grants in memory, and the conformance suite that every grants store
 * must pass. Imported only from specs.
 */
export * from './fixed-clock.js';
export * from './grants-conformance.js';
export * from './grants-under-test.js';
export * from './memory-grants.js';
