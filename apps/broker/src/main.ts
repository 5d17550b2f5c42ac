import { createLogger, runProcess, startMetricsServer } from '@linkbroker/telemetry';
import { createBroker } from './create-broker.js';
import { readBrokerEnvironment } from './environment.js';

const logger = createLogger({ app: 'broker', level: process.env['LOG_LEVEL'] ?? 'info' });

await runProcess(logger, async () => {
  const env = readBrokerEnvironment(process.env);
  const broker = await createBroker(env, logger);
  const { metrics, checks } = broker.needs;
  const metricsServer = await startMetricsServer({ metrics, checks, port: env.METRICS_PORT, host: env.HOST });
  await broker.app.listen(env.BROKER_PORT, env.HOST);
  logger.info({ port: env.BROKER_PORT, publicUrl: env.publicUrl }, 'broker listening');
  return async () => {
    await broker.close();
    metricsServer.close();
  };
});
