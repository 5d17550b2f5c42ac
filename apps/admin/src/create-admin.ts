import 'reflect-metadata';
import type { Logger } from '@linkbroker/telemetry';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { AdminNeeds } from './admin-needs.js';
import { AdminModule } from './admin.module.js';
import type { AdminEnvironment } from './environment.js';
import { ApiFilter } from './http/api.filter.js';
import { createHttpAdapter } from './http/create-http-adapter.js';
import { serveQueueBoard } from './queues/queue-board.js';
import { wireAdmin } from './wire-admin.js';

export interface Admin {
  readonly app: NestFastifyApplication;
  readonly needs: AdminNeeds;
  close(): Promise<void>;
}

/** Builds the admin app, ready to listen. */
export async function createAdmin(
  env: AdminEnvironment,
  logger: Logger,
  version: string,
  now: () => Date = () => new Date(),
): Promise<Admin> {
  const wired = await wireAdmin(env, logger, version, now);
  const adapter = createHttpAdapter({ trustedProxies: env.TRUSTED_PROXIES, secure: env.adminUrl.startsWith('https:') });
  const app = await NestFactory.create<NestFastifyApplication>(AdminModule.with(wired.needs), adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ApiFilter(wired.needs));
  const closeBoard = serveQueueBoard(adapter.getInstance<FastifyInstance>(), wired.needs, env.REDIS_URL);
  const close = async (): Promise<void> => {
    await app.close();
    await closeBoard();
    await wired.close();
  };
  return { app, needs: wired.needs, close };
}
