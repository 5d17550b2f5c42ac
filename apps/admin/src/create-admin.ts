import 'reflect-metadata';
import { connectRedis, pingRedis } from '@linkbroker/ephemeral';
import {
  ConfigurationStore,
  KeysStore,
  openDatabase,
  readSchemaStatus,
  TimelineReader,
  type SchemaStatus,
} from '@linkbroker/persistence';
import { Metrics, storeChecks, type Logger } from '@linkbroker/telemetry';
import { Fingerprints } from '@linkbroker/vault';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AdminEnvironment } from './environment.js';
import { ApiFilter } from './http/api.filter.js';
import { openOperatorKey } from './http/operator-key.js';
import { readMasterKeys } from './read-master-keys.js';
import { ADMIN_NEEDS, type AdminNeeds } from './status.js';
import { StatusController } from './status.controller.js';
import { TimelineController } from './timeline/timeline.controller.js';

const PROBE_MS = 2_000;
const START_MS = 10_000;

@Module({})
export class AdminModule {
  static with(needs: AdminNeeds): DynamicModule {
    return {
      module: AdminModule,
      controllers: [StatusController, TimelineController],
      providers: [{ provide: ADMIN_NEEDS, useValue: needs }],
    };
  }
}

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
  const masterKeys = readMasterKeys(env.MASTER_KEYS);
  const operatorKey = await openOperatorKey(env.DATA_DIR);
  const opened = await openDatabase(env.DATABASE_URL, 4);
  const redis = await connectRedis(env.REDIS_URL);
  const schema = (): Promise<SchemaStatus> => readSchemaStatus(opened.database, performance.now() + PROBE_MS);
  const checks = storeChecks(schema, () => pingRedis(redis));
  const configuration = new ConfigurationStore(opened.dataSource);
  const fingerprints = await Fingerprints.open(
    masterKeys,
    new KeysStore(opened.database),
    performance.now() + START_MS,
  ).catch(async (error: unknown) => {
    redis.disconnect();
    await opened.close();
    throw error;
  });
  const needs: AdminNeeds = {
    ...{ version, startedAt: now(), checks, schema, metrics: new Metrics(), logger, now },
    ...{ operatorKey, brokerUrl: env.BROKER_URL.replace(/\/$/, ''), fingerprint: fingerprints.of },
    timelines: new TimelineReader(opened.dataSource),
    resolveTenant: (slug) => configuration.resolveTenant(slug),
  };
  const app = await NestFactory.create<NestFastifyApplication>(AdminModule.with(needs), new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ApiFilter(needs));
  const close = async (): Promise<void> => {
    await app.close();
    await opened.close();
    redis.disconnect();
  };
  return { app, needs, close };
}
