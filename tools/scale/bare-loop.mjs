import pg from 'pg';
import { Agent } from 'undici';

/**
 * The bare loop: the least that refreshing durably could be. For each refresh one statement that takes a lease, one HTTP
 * call over undici with as many connections as the worker opens to a host, one statement that stores what came back. It
 * opens and seals nothing, journals nothing, knows no tenants and no fences, and writes no log. A process of its own:
 * takes `{ ids }` over IPC and answers `{ result }` or `{ error }`.
 */
const { DATABASE_URL, UPSTREAM_PORT, POOL_SIZE, CONNECTIONS, AT_ONCE } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_SIZE), idleTimeoutMillis: 60_000 });
pool.on('error', () => {});
const agent = new Agent({ connections: Number(CONNECTIONS), pipelining: 1, keepAliveTimeout: 10_000 });

const LEASE = {
  name: 'lease',
  text: `UPDATE sets SET fence = fence + 1, lease_until = now() + interval '30 seconds' WHERE id = $1 RETURNING fence, sealed`,
};
const STORE = {
  name: 'store',
  text: 'UPDATE sets SET version = version + 1, sealed = $2, lease_until = NULL, updated_at = now() WHERE id = $1 AND fence = $3',
};
const request = {
  origin: `http://127.0.0.1:${UPSTREAM_PORT}`,
  path: '/token',
  method: 'POST',
  headers: {
    authorization: `Basic ${Buffer.from(`scale:${'s'.repeat(32)}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  },
};

async function refresh(id) {
  const { rows } = await pool.query({ ...LEASE, values: [id] });
  const [{ fence, sealed }] = rows;
  const body = `grant_type=refresh_token&refresh_token=${sealed.toString('base64url', 0, 77)}`;
  const answer = await (await agent.request({ ...request, body })).body.json();
  const { access_token: access, refresh_token: next } = answer;
  const octets = Buffer.from(JSON.stringify({ access, next, padding: 'p'.repeat(100) }));
  await pool.query({ ...STORE, values: [id, octets, fence] });
}

async function refreshAll(ids) {
  const waiting = ids[Symbol.iterator]();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const one = async () => {
    for (const id of waiting) await refresh(id);
  };
  await Promise.all(Array.from({ length: Number(AT_ONCE) }, one));
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: ids.length / seconds, cpuMs: (user + system) / 1_000 / ids.length };
}

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
process.on('message', ({ ids }) => {
  refreshAll(ids).then(
    (result) => process.send({ result }),
    (error) => process.send({ error: error.message }),
  );
});
process.send({ ready: true });
