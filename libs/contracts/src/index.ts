/**
 * What crosses a process or lib boundary: records, the config file, the environment, trace events. Zod only. Owns no
 * behaviour beyond parsing. Does not own protocol rules (`protocol`) or storage (`persistence`).
 */
export * from './config-error.js';
export * from './config-file.js';
export * from './deadline.js';
export * from './environment.js';
export * from './events.js';
export * from './records.js';
export * from './tenant-id.js';
export * from './timeline-entry.js';
export * from './trace-event.js';
