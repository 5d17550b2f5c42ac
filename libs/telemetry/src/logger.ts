import { pino, type DestinationStream, type Logger } from 'pino';
import { redactionPaths, scrub } from './redaction.js';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly app: string;
  readonly level: string;
  /** Where lines go; buffered standard output by default, flushed at exit. */
  readonly destination?: DestinationStream;
}

/**
 * Structured lines with two nets against secrets: fields removed by name, and the finished line scrubbed by shape.
 * @see libs/telemetry/README.md
 */
export function createLogger({ app, level, destination }: LoggerOptions): Logger {
  const stream = destination ?? pino.destination({ fd: 1, sync: false, minLength: 4_096, periodicFlush: 200 });
  return pino(
    {
      level,
      base: { app },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactionPaths(), censor: '[redacted]' },
      hooks: { streamWrite: scrub },
    },
    stream,
  );
}
