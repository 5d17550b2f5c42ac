const RELATIONS = `
SELECT t.relname AS table, i.relname AS index, pg_table_size(t.oid)::float8 AS "tableBytes", pg_relation_size(i.oid)::float8 AS "indexBytes"
FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'linkbroker'
  JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
WHERE t.relname = ANY ($1) ORDER BY t.relname, i.relname`;

/** The tables that grow with links; the journal grows with refreshes. */
export const linkTables = ['upstream_token_sets', 'links', 'grants'];

/**
 * @param {import('pg').Client} client @param {string[]} tables
 * @returns {Promise<Record<string, { table: number, indexes: Record<string, number>, total: number }>>} bytes
 */
export async function sizesOf(client, tables) {
  const { rows } = await client.query(RELATIONS, [tables]);
  const sizes = {};
  for (const { table, index, tableBytes, indexBytes } of rows) {
    const size = (sizes[table] ??= { table: tableBytes, indexes: {}, total: tableBytes });
    size.indexes[index] = indexBytes;
    size.total += indexBytes;
  }
  return sizes;
}

const STATISTICS = `
SELECT n_tup_upd::float8 AS updates, n_tup_hot_upd::float8 AS "hotUpdates", n_dead_tup::float8 AS dead,
  autovacuum_count::float8 AS autovacuums
FROM pg_stat_user_tables WHERE schemaname = 'linkbroker' AND relname = $1`;

/** What PostgreSQL counts of a table, as far as its backends have reported. */
export async function statisticsOf(client, table) {
  const { rows } = await client.query(STATISTICS, [table]);
  return rows[0];
}
