import type { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ENTITIES } from '../entities/index.js';
import { MIGRATIONS } from '../migrations/index.js';
import { checkRole } from './check-role.js';
import { PooledDatabase, type Database } from './database.js';

/** Milliseconds before a connection attempt is given up; below every request deadline, so that its slot is free again. */
const CONNECT_TIMEOUT_MS = 3_000;

export interface OpenDatabase {
  readonly database: Database;
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

/** Options shared by the apps and by the migration command. */
export function dataSourceOptions(url: string, poolSize: number): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    schema: 'linkbroker',
    entities: [...ENTITIES],
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'all',
    installExtensions: false,
    synchronize: false,
    logging: false,
    extra: {
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      application_name: 'linkbroker',
    },
    // An idle connection that dies is replaced at the next use; it must not take the process with it.
    poolErrorHandler: () => undefined,
  };
}

/**
 * Connects as an application role.
 * @throws Error when the role is a superuser, owns the tables or bypasses row-level security
 */
export async function openDatabase(url: string, poolSize: number): Promise<OpenDatabase> {
  const dataSource = new DataSource(dataSourceOptions(url, poolSize));
  await dataSource.initialize();
  try {
    await checkRole(dataSource);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return { database: new PooledDatabase(poolOf(dataSource)), dataSource, close: () => dataSource.destroy() };
}

/** TypeORM's own pool: hot verbs and entities share its connections. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
