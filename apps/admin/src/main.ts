import { createLogger, runProcess, startMetricsServer } from '@linkbroker/telemetry';
import { readFileSync } from 'node:fs';
import { createAdmin } from './create-admin.js';
import { readAdminEnvironment } from './environment.js';
import { issueWelcomeLink } from './sign-in/first-operator.js';

const logger = createLogger({ app: 'admin', level: process.env['LOG_LEVEL'] ?? 'info' });
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

await runProcess(logger, async () => {
  const env = readAdminEnvironment(process.env);
  const admin = await createAdmin(env, logger, version);
  const { metrics, checks } = admin.needs;
  const metricsServer = await startMetricsServer({ metrics, checks, port: env.METRICS_PORT, host: env.HOST });
  await admin.app.listen(env.ADMIN_PORT, env.HOST);
  logger.info({ port: env.ADMIN_PORT }, 'admin listening');
  // Only to a person who looks on: never into a log.
  const link = process.stderr.isTTY ? await issueWelcomeLink(admin.needs.signIn) : undefined;
  if (link !== undefined) process.stderr.write(`Make the first operator's account at ${link}\n`);
  return async () => {
    await admin.close();
    metricsServer.close();
  };
});
