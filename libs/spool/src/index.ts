/**
 * A durable place on this machine's disk for the few things that the database could not take. Owns no format: its
 * entries are text under a name.
 */
export * from './spool.js';
