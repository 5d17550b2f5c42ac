import { pino, type DestinationStream, type Logger } from 'pino';
import { scrub } from './redaction.js';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly app: string;
  readonly level: string;
  /** Where lines go; buffered standard output by default, flushed at exit. */
  readonly destination?: DestinationStream;
}

/**
 * Structured lines; each finished line is scrubbed of secrets, by field name and by shape, before it leaves.
 * @see libs/telemetry/README.md
 */
export function createLogger({ app, level, destination }: LoggerOptions): Logger {
  const stream = destination ?? pino.destination({ fd: 1, sync: false, minLength: 4_096, periodicFlush: 200 });
  return pino(
    {
      // A level pino does not know is told by the environment's own check, in one line.
      level: level === 'silent' || level in pino.levels.values ? level : 'info',
      base: { app },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: scrub },
    },
    stream,
  );
}
