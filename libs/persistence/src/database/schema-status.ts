import type { Deadline } from '@linkbroker/contracts';
import { MIGRATIONS } from '../migrations/index.js';
import type { Database } from './database.js';

export interface SchemaStatus {
  /** The newest migration the database has. */
  readonly current: string;
  /** Whether it is the newest one this build knows, or newer. */
  readonly upToDate: boolean;
}

/** Reads how far the schema is; also serves as the readiness probe. @throws DatabaseUnavailable */
export async function readSchemaStatus(database: Database, deadline: Deadline): Promise<SchemaStatus> {
  const [row] = await database.query<{ name: string; count: string }>(STATUS, [], deadline);
  return { current: row?.name ?? 'none', upToDate: Number(row?.count ?? 0) >= MIGRATIONS.length };
}

const STATUS = {
  name: 'schema_status',
  text: `SELECT name, count(*) OVER () AS count FROM linkbroker.migrations ORDER BY "timestamp" DESC LIMIT 1`,
};
