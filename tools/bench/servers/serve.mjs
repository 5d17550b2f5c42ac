import { createServer } from 'node:http';
import pg from 'pg';

/** The pool of a server that is not the broker: the broker's size, its driver, its keep-alive. */
export function openPool() {
  const pool = new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    max: Number(process.env.POOL_SIZE),
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  pool.on('error', () => {});
  return pool;
}

/** Listens where the bench says and ends when the bench does. */
export function serve(listener) {
  const server = createServer({ keepAliveTimeout: 65_000 }, listener);
  server.listen(Number(process.env.PORT), '127.0.0.1');
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}
