import 'reflect-metadata';
import { connectRedis, pingRedis } from '@linkbroker/ephemeral';
import { openDatabase, readSchemaStatus, type SchemaStatus } from '@linkbroker/persistence';
import { Metrics, storeChecks, type Logger } from '@linkbroker/telemetry';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AdminEnvironment } from './environment.js';
import { ADMIN_NEEDS, type AdminNeeds } from './status.js';
import { StatusController } from './status.controller.js';

const PROBE_MS = 2_000;

@Module({})
export class AdminModule {
  static with(needs: AdminNeeds): DynamicModule {
    return {
      module: AdminModule,
      controllers: [StatusController],
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
export async function createAdmin(env: AdminEnvironment, logger: Logger, version: string): Promise<Admin> {
  const opened = await openDatabase(env.DATABASE_URL, 4);
  const redis = await connectRedis(env.REDIS_URL);
  const schema = (): Promise<SchemaStatus> => readSchemaStatus(opened.database, performance.now() + PROBE_MS);
  const checks = storeChecks(schema, () => pingRedis(redis));
  const needs: AdminNeeds = { version, startedAt: new Date(), checks, schema, metrics: new Metrics(), logger };
  const app = await NestFactory.create<NestFastifyApplication>(AdminModule.with(needs), new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  const close = async (): Promise<void> => {
    await app.close();
    await opened.close();
    redis.disconnect();
  };
  return { app, needs, close };
}
