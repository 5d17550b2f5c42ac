/**
 * Logs, metrics, health and the life of a process. Owns the redaction list. Does not decide what is worth tracing.
 */
export * from './logger.js';
export * from './metrics.js';
export * from './metrics-server.js';
export * from './process-lifecycle.js';
export * from './rations.js';
export * from './readiness.js';
export * from './redaction.js';
export * from './timeline.js';
export * from './trace.js';
