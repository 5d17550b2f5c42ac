import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './open-database.js';

export const APP_ROLES = ['broker', 'worker', 'admin'] as const;
export type AppRole = (typeof APP_ROLES)[number];

export interface MigrationReport {
  /** Names of the migrations that ran now. */
  readonly applied: readonly string[];
  /** Whether the database held sealed data before this run. */
  readonly holdsData: boolean;
}

/** Creates the database when it is missing, then the schema, then runs what has not run yet. */
export async function migrate(url: string): Promise<MigrationReport> {
  await createDatabaseIfMissing(url);
  const dataSource = new DataSource(dataSourceOptions(url, 2));
  await dataSource.initialize();
  try {
    // One migration run at a time, however many replicas start together.
    const runner = dataSource.createQueryRunner();
    await runner.query(`SELECT pg_advisory_lock(hashtext('linkbroker migrations'))`);
    try {
      await runner.query('CREATE SCHEMA IF NOT EXISTS linkbroker');
      const applied = await dataSource.runMigrations();
      const [row] = (await runner.query('SELECT EXISTS (SELECT 1 FROM linkbroker.mac_keys) AS holds_data')) as {
        holds_data: boolean;
      }[];
      return { applied: applied.map((migration) => migration.name), holdsData: row?.holds_data ?? false };
    } finally {
      await runner.query(`SELECT pg_advisory_unlock(hashtext('linkbroker migrations'))`);
      await runner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

async function createDatabaseIfMissing(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
  const probe = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await probe.connect();
    return;
  } catch (error) {
    if ((error as { code?: string }).code !== '3D000') throw error;
  } finally {
    await probe.end();
  }
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  await withClient(maintenance.href, (client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`));
}

/** Lets an existing role act for every app. */
export async function grantAppRoles(url: string, role: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const app of APP_ROLES) await client.query(`GRANT linkbroker_${app} TO ${client.escapeIdentifier(role)}`);
  });
}

/** Creates or re-keys one login role per app and returns the address each app connects with. */
export async function createLogins(url: string, suffix: string): Promise<Record<AppRole, string>> {
  const urls: Partial<Record<AppRole, string>> = {};
  await withClient(url, async (client) => {
    for (const app of APP_ROLES) {
      const role = `linkbroker_${app}_${suffix}`;
      const password = randomBytes(24).toString('base64url');
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      const verb = rowCount ? 'ALTER' : 'CREATE';
      await client.query(
        `${verb} ROLE ${client.escapeIdentifier(role)} LOGIN PASSWORD ${client.escapeLiteral(password)}`,
      );
      await client.query(`GRANT linkbroker_${app} TO ${client.escapeIdentifier(role)}`);
      const login = new URL(url);
      login.username = role;
      login.password = password;
      urls[app] = login.href;
    }
  });
  return urls as Record<AppRole, string>;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
