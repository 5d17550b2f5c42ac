import type { Trace, TraceEvent } from '@linkbroker/contracts';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** Writes timeline events as structured log lines and counts them; incidents are errors, oddities warnings. */
export function createTrace(logger: Logger, metrics: Metrics): Trace {
  return (event) => {
    metrics.countTrace(event.name);
    logger[levelOf(event)]({ trace: event }, event.name);
  };
}

const WARN = /refused|replayed|too_old|failed|without_cookie|repeated|at_risk|dead|parked/;

function levelOf(event: TraceEvent): 'error' | 'warn' | 'info' {
  if (event.name.startsWith('incident.')) return 'error';
  return WARN.test(event.name) ? 'warn' : 'info';
}
