/**
 * The public OAuth facade as a library, so that tests can run it in process. Thin: controllers parse, one flow of
 * `linking` does the work, controllers present.
 */
export * from './create-broker.js';
export * from './environment.js';
export type { BrokerNeeds } from './broker-needs.js';
