import type { Logger } from './logger.js';

/** Milliseconds a process may take to finish what it accepted. */
const SHUTDOWN_MS = 9_000;

/**
 * Runs an app's main function: one clear line and exit 1 when it cannot start; on SIGTERM, SIGINT or the death of the
 * launcher the returned function is called once and the process ends with 0.
 */
export async function runProcess(logger: Logger, start: () => Promise<() => Promise<void>>): Promise<void> {
  let stop: (() => Promise<void>) | undefined;
  let stopping = false;
  const shutdown = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    const timer = setTimeout(() => process.exit(1), SHUTDOWN_MS);
    timer.unref();
    Promise.resolve(stop?.()).then(
      () => {
        logger.flush();
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        logger.flush();
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => {
    shutdown('SIGTERM');
  });
  process.once('SIGINT', () => {
    shutdown('SIGINT');
  });
  process.once('disconnect', () => {
    shutdown('the launcher is gone');
  });
  try {
    stop = await start();
  } catch (error) {
    process.stderr.write(`linkbroker: ${describeStartError(error)}\n`);
    logger.flush();
    process.exit(1);
  }
}

/** The one line a person needs, without a stack. */
function describeStartError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: string }).code;
  if (code === 'EADDRINUSE') return `port ${String((error as { port?: number }).port)} is already in use`;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const message = error.message || (code ?? error.name);
  return `${message}${cause}`.replaceAll('\n', '; ');
}
