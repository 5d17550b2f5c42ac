import 'reflect-metadata';
import { connectRedis, pingRedis } from '@linkbroker/ephemeral';
import { HousekeepingStore, openDatabase, readSchemaStatus } from '@linkbroker/persistence';
import { HOUSEKEEPING_QUEUE, queueConnection } from '@linkbroker/queues';
import { Metrics, storeChecks, type Logger } from '@linkbroker/telemetry';
import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { WorkerEnvironment } from './environment.js';
import { HousekeepingProcessor } from './housekeeping.processor.js';
import { WORKER_NEEDS, type WorkerNeeds } from './worker-needs.js';

const PROBE_MS = 2_000;

@Module({})
export class WorkerModule {
  static with(needs: WorkerNeeds, redisUrl: string): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        BullModule.forRoot({ connection: queueConnection(redisUrl) }),
        BullModule.registerQueue({ name: HOUSEKEEPING_QUEUE }),
      ],
      providers: [{ provide: WORKER_NEEDS, useValue: needs }, HousekeepingProcessor],
    };
  }
}

export interface RunningWorker {
  readonly needs: WorkerNeeds;
  close(): Promise<void>;
}

/** Starts the worker: processors run when this resolves. */
export async function createWorker(
  env: WorkerEnvironment,
  logger: Logger,
  now: () => Date = () => new Date(),
): Promise<RunningWorker> {
  const opened = await openDatabase(env.DATABASE_URL, 4);
  const redis = await connectRedis(env.REDIS_URL);
  const checks = storeChecks(
    () => readSchemaStatus(opened.database, performance.now() + PROBE_MS),
    () => pingRedis(redis),
  );
  const housekeeping = new HousekeepingStore(opened.database);
  const needs: WorkerNeeds = { now, housekeeping, logger, metrics: new Metrics(), checks };
  const app = await NestFactory.createApplicationContext(WorkerModule.with(needs, env.REDIS_URL), {
    logger: false,
    abortOnError: false,
  });
  const close = async (): Promise<void> => {
    await app.close();
    await opened.close();
    redis.disconnect();
  };
  return { needs, close };
}
