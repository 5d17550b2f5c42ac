/** Where the log of changes stands: `inserted` counts every byte of it, `flushed` can be read back. */
export async function walPosition(client) {
  const { rows } = await client.query(
    'SELECT pg_current_wal_insert_lsn()::text AS inserted, pg_current_wal_flush_lsn()::text AS flushed',
  );
  return rows[0];
}

/**
 * What was written between two positions. Full-page images, which the first change of a page after a checkpoint
 * costs, are told apart from the records proper; commits are the commit records, so transactions that only read are
 * not among them.
 * @returns {Promise<{ total: number, records: number, fullPages: number, commits: number }>} bytes, and a count
 */
export async function walBetween(client, from, to) {
  // Requests that only read write nothing, and an empty stretch of the log cannot be read.
  if (from.flushed === to.flushed) return { total: 0, records: 0, fullPages: 0, commits: 0 };
  const { rows } = await client.query(
    `SELECT ($2::pg_lsn - $1::pg_lsn)::float8 AS total, sum(record_size)::float8 AS records,
        sum(fpi_size)::float8 AS "fullPages",
        coalesce(sum(count) FILTER (WHERE "resource_manager/record_type" = 'Transaction/COMMIT'), 0)::float8 AS commits
      FROM pg_get_wal_stats($3::pg_lsn, $4::pg_lsn, true)`,
    [from.inserted, to.inserted, from.flushed, to.flushed],
  );
  return rows[0];
}

/** Transactions committed in a database so far, those that only read included, as far as reported. */
export async function transactions(client, database) {
  const { rows } = await client.query('SELECT xact_commit FROM pg_stat_database WHERE datname = $1', [database]);
  return Number(rows[0].xact_commit);
}

/** Backends report their counts after ten idle seconds at the latest. */
export const reportingMilliseconds = 10_500;

/** The settings that make a commit durable. @throws {Error} when one is off, because nothing would be comparable */
export async function assertDurable(client) {
  const names = ['fsync', 'synchronous_commit', 'full_page_writes'];
  const { rows } = await client.query('SELECT name, setting FROM pg_settings WHERE name = ANY ($1)', [names]);
  const off = rows.filter(({ setting }) => setting !== 'on').map(({ name }) => name);
  if (off.length > 0) throw new Error(`PostgreSQL runs with ${off.join(', ')} not on`);
}
