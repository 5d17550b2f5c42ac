import { createLogger, runProcess, startMetricsServer } from '@linkbroker/telemetry';
import { createWorker } from './create-worker.js';
import { readWorkerEnvironment } from './environment.js';

const logger = createLogger({ app: 'worker', level: process.env['LOG_LEVEL'] ?? 'info' });

await runProcess(logger, async () => {
  const env = readWorkerEnvironment(process.env);
  const worker = await createWorker(env, logger);
  const { metrics, checks } = worker.needs;
  const metricsServer = await startMetricsServer({ metrics, checks, port: env.METRICS_PORT, host: env.HOST });
  logger.info('worker running');
  return async () => {
    await worker.close();
    metricsServer.close();
  };
});
