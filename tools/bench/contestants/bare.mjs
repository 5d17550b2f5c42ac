import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '../stores.mjs';
import { anyAnswer } from '../server-processes.mjs';

const script = fileURLToPath(new URL('../servers/bare.mjs', import.meta.url));
const database = 'bench_bare';

/** As much of a row as the statement needs, with room on its page as the broker's grants have. */
const SCHEMA = `
CREATE TABLE grants (id uuid PRIMARY KEY, code text NOT NULL UNIQUE, generation bigint NOT NULL DEFAULT 0)
  WITH (fillfactor = 70)`;

const GRANTS = `
INSERT INTO grants (id, code, generation)
SELECT uuidv7(), md5($1 || ':' || n), CASE WHEN n % $3::int = 0 THEN 0 ELSE 1 END FROM generate_series(0, $2::int - 1) AS n
RETURNING code, generation`;

/** The bare Node limit, see servers/bare.mjs. */
export async function startBare({ stores, servers, poolSize, options }) {
  const client = await createDatabase(stores, database, SCHEMA);
  const env = { DATABASE_URL: stores.urlOf(database), POOL_SIZE: String(poolSize) };
  const server = await servers.start({ name: 'bare', script, env, ports: ['PORT'], path: '/', accept: anyAnswer });
  const insert = async (count, step) => {
    const { rows } = await client.query(GRANTS, [randomBytes(6).toString('hex'), count, step]);
    await client.query('ANALYZE grants');
    return rows.filter(({ generation }) => generation === '0').map(({ code }) => code);
  };
  return {
    key: 'bare',
    label: 'bare Node limit',
    database,
    server,
    follows: true,
    path: '/token',
    prepareCodes: (count) => insert(count, 1),
    async prepareChains(count, redeem) {
      const step = Math.max(1, Math.floor(options.population / count));
      const pairs = await redeem((await insert(count * step, step)).slice(0, count));
      return { tokens: pairs.map(({ refresh }) => refresh) };
    },
  };
}
