import 'reflect-metadata';
import { replacedAddresses } from '@linkbroker/contracts';
import { createLogger, type Logger } from '@linkbroker/telemetry';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { BrokerNeeds } from './broker-needs.js';
import type { BrokerEnvironment } from './environment.js';
import { createHttpAdapter } from './http/create-http-adapter.js';
import { wireBroker } from './wire-broker.js';

export interface Broker {
  readonly needs: BrokerNeeds;
  readonly app: NestFastifyApplication;
  readonly close: () => Promise<void>;
}

/** Builds a broker that is ready to listen. `now` is the clock of every rule. */
export async function createBroker(
  env: BrokerEnvironment,
  logger: Logger = createLogger({ app: 'broker', level: env.LOG_LEVEL }),
  now?: () => Date,
): Promise<Broker> {
  const { needs, close } = await wireBroker(env, logger, now);
  for (const replaced of replacedAddresses(env)) logger.warn(replaced, "another address in the place of Amazon's");
  const adapter = createHttpAdapter({
    logger,
    metrics: needs.metrics,
    record: needs.record,
    trustedProxies: env.TRUSTED_PROXIES,
    secure: needs.publicUrl.startsWith('https:'),
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(needs), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  await app.init();
  return {
    needs,
    app,
    close: async () => {
      await finishRequests(app);
      await close();
    },
  };
}

const SWEEP_MS = 50;

/** Stops listening and waits for what was accepted; a connection is closed as soon as its answer has left. */
async function finishRequests(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
  }
}
