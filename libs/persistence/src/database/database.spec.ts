import { eventually } from '@linkbroker/testing';
import { createServer, type Server } from 'node:net';
import pg from 'pg';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import { DatabaseUnavailable, PooledDatabase } from '../index.js';

const SLEEP = { name: 'sleep', text: 'SELECT pg_sleep($1)' };
const ONE = { name: 'one', text: 'SELECT 1 AS one' };

describe('PooledDatabase', () => {
  let scratch: ScratchDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    scratch = await createScratchDatabase();
    pool = new pg.Pool({ connectionString: scratch.urls.broker, max: 2, connectionTimeoutMillis: 3_000 });
    pool.on('error', () => undefined);
  });
  afterAll(async () => {
    await pool.end();
    await scratch.close();
  });

  test('gives a statement up at the deadline and goes on with a new connection', async () => {
    const database = new PooledDatabase(pool);
    const began = performance.now();
    await expect(database.query(SLEEP, [30], began + 150)).rejects.toThrow(DatabaseUnavailable);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await database.query(ONE, [], performance.now() + 5_000)).toEqual([{ one: 1 }]);
  });

  test('counts the wait for a connection against the deadline', async () => {
    const database = new PooledDatabase(pool);
    const busy = [0, 1].map(() => database.query(SLEEP, [30], performance.now() + 600).catch(() => 'gave up'));
    await expect(database.query(ONE, [], performance.now() + 100)).rejects.toThrow(/no connection within the deadline/);
    expect(await Promise.all(busy)).toEqual(['gave up', 'gave up']);
    expect(await database.query(ONE, [], performance.now() + 5_000)).toEqual([{ one: 1 }]);
  });

  test('tells a statement that is wrong from a database that is away', async () => {
    const database = new PooledDatabase(pool);
    const wrong = database.query({ name: 'wrong', text: 'SELECT 1/0' }, [], performance.now() + 5_000);
    await expect(wrong).rejects.toThrow(/division by zero/);
    await expect(wrong).rejects.not.toBeInstanceOf(DatabaseUnavailable);
  });

  test('a connection that is cut is a failure to look, and the next one works', async () => {
    const database = new PooledDatabase(pool);
    const cut = database.query(SLEEP, [30], performance.now() + 10_000);
    const killed = async () =>
      (
        await scratch.sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep($1)%' AND state = 'active' AND pid <> pg_backend_pid()`,
        )
      ).length > 0;
    await eventually('the statement to be under way', killed);
    await expect(cut).rejects.toThrow(DatabaseUnavailable);
    expect(await database.query(ONE, [], performance.now() + 5_000)).toEqual([{ one: 1 }]);
  });
});

describe('a connection cut while it is held', () => {
  test('ends in a rejected statement and not in an uncaught error', async () => {
    const server = createServer((socket) => {
      // Answers the start of a session, then cuts it as soon as a statement arrives.
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(Buffer.from('520000000800000000' + '5a0000000549', 'hex'));
        socket.once('data', () => socket.resetAndDestroy());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'x', max: 4 });
    pool.on('error', () => undefined);
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note);
    const database = new PooledDatabase(pool);
    const tries = Array.from({ length: 8 }, () => database.query(ONE, [], performance.now() + 5_000));
    for (const outcome of await Promise.allSettled(tries)) expect(outcome.status).toBe('rejected');
    await pool.end();
    server.close();
    process.off('uncaughtException', note);
    expect(uncaught).toEqual([]);
  });
});

describe('a server that accepts and never answers', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  test('costs the deadline and no more', async () => {
    const { port } = server.address() as { port: number };
    const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'x', max: 1, connectionTimeoutMillis: 300 });
    pool.on('error', () => undefined);
    const database = new PooledDatabase(pool);
    const began = performance.now();
    const tries = Array.from({ length: 20 }, () => database.query(ONE, [], began + 250));
    for (const outcome of await Promise.allSettled(tries)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailable) as unknown });
    }
    expect(performance.now() - began).toBeLessThan(2_000);
    await pool.end();
  });
});
