import type { Trace, TraceEvent } from '@linkbroker/contracts';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/**
 * Counts timeline events, writes them as structured log lines (incidents are errors, oddities warnings) and hands them to
 * the timeline. What an upstream call was about stays out of the log.
 */
export function createTrace(
  logger: Logger,
  metrics: Metrics,
  record: (event: TraceEvent) => void = () => undefined,
): Trace {
  return ({ data, ...event }) => {
    metrics.countTrace(event.name);
    record(data ? { ...event, data } : event);
    logger[levelOf(event)]({ trace: event }, event.name);
  };
}

const WARN = /refused|replayed|too_old|failed|without_cookie|repeated|at_risk|dead|parked/;

function levelOf(event: TraceEvent): 'error' | 'warn' | 'info' {
  if (event.name.startsWith('incident.')) return 'error';
  return WARN.test(event.name) ? 'warn' : 'info';
}
