import pg from 'pg';

/** What specs make; nobody else's. */
const OURS = `SELECT datname FROM pg_database WHERE datname ~ '^(scratch|e2e)_' AND datallowconn`;
/** A partitioned table gives the rows of its partitions. */
const TABLES = `
SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY 1`;

/**
 * Every row of every database that the specs of this run have made, on the server that start-stores.mjs has started for
 * them; a server that was named from outside is left alone. @param {(place: string, text: string) => void} keep
 */
export async function dumpDatabases(keep) {
  const started = globalThis[Symbol.for('linkbroker.test-stores')]?.stores ?? [];
  const server = started.find(({ url }) => url.startsWith('postgres'));
  if (!server) return;
  const names = await query(server.url, OURS);
  for (const { datname } of names)
    await dump(Object.assign(new URL(server.url), { pathname: `/${datname}` }).href, keep);
}

async function query(url, text) {
  return withClient(url, async (client) => (await client.query(text)).rows);
}

function dump(url, keep) {
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query(TABLES);
    for (const { name } of tables) {
      const { rows } = await client.query(`SELECT to_json(t)::text AS row FROM ${name} AS t`);
      if (rows.length > 0) keep(`rows of ${name}`, rows.map(({ row }) => row).join('\n'));
    }
  });
}

async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
