import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createLogins, migrate, openDatabase, type AppRole, type OpenDatabase } from '../index.js';

export interface ScratchDatabase {
  readonly superuserUrl: string;
  readonly urls: Readonly<Record<AppRole, string>>;
  /** Runs SQL past every policy, to arrange and to look. */
  readonly sql: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  readonly open: (role: AppRole) => Promise<OpenDatabase>;
  readonly close: () => Promise<void>;
}

/** A migrated database of this spec's own, with a login per app. */
export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const name = `scratch_${randomBytes(6).toString('hex')}`;
  const url = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  url.pathname = `/${name}`;
  await migrate(url.href);
  const urls = await createLogins(url.href, name);
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  const opened: OpenDatabase[] = [];
  return {
    superuserUrl: url.href,
    urls,
    sql: async (text, values) => (await pool.query(text, values)).rows as never,
    open: async (role) => {
      const database = await openDatabase(urls[role], 12);
      opened.push(database);
      return database;
    },
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await pool.end();
    },
  };
}
