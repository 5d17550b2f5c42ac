import type { Deadline } from '@linkbroker/contracts';
import type { Pool, PoolClient } from 'pg';
import { DatabaseUnavailable } from './database-error.js';

/** A named, prepared statement. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs statements under a deadline. */
export interface Database {
  query<Row>(statement: Statement, values: readonly unknown[], deadline: Deadline): Promise<Row[]>;
}

/**
 * Statements over a pg pool in which one deadline bounds the wait for a connection, the connect and the statement.
 * A frozen server keeps TCP open and never answers, so the clock is ours, and what overruns it is destroyed rather than
 * handed back.
 * @throws DatabaseUnavailable when the deadline passes or the connection fails; pg errors of the statement otherwise
 * @see R12, R13
 */
export class PooledDatabase implements Database {
  private readonly listened = new WeakSet<PoolClient>();

  constructor(private readonly pool: Pool) {}

  async query<Row>(statement: Statement, values: readonly unknown[], deadline: Deadline): Promise<Row[]> {
    const client = await this.acquire(deadline);
    const remaining = deadline - performance.now();
    if (remaining <= 0) {
      client.release();
      throw new DatabaseUnavailable('deadline passed while waiting for a connection');
    }
    return run<Row>(client, statement, values, remaining);
  }

  /**
   * The pool takes its own error listener off a client it hands out. A connection that is cut right then would emit
   * 'error' to nobody and end the process; the statement under way has been told already.
   */
  private listen(client: PoolClient): void {
    if (this.listened.has(client)) return;
    this.listened.add(client);
    client.on('error', () => undefined);
  }

  private acquire(deadline: Deadline): Promise<PoolClient> {
    const remaining = deadline - performance.now();
    if (remaining <= 0) return Promise.reject(new DatabaseUnavailable('deadline had passed'));
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new DatabaseUnavailable('no connection within the deadline'));
      }, remaining);
      this.pool.connect((error, client) => {
        clearTimeout(timer);
        if (client) this.listen(client);
        if (late) client?.release();
        else if (client) resolve(client);
        else reject(new DatabaseUnavailable('cannot connect', { cause: error }));
      });
    });
  }
}

function run<Row>(
  client: PoolClient,
  statement: Statement,
  values: readonly unknown[],
  remaining: number,
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const timer = setTimeout(() => {
      settled = true;
      const error = new DatabaseUnavailable('statement overran the deadline');
      destroy(client);
      client.release(error);
      reject(error);
    }, remaining);
    client.query({ name: statement.name, text: statement.text, values: values as unknown[] }, (error, result) => {
      if (settled) return;
      clearTimeout(timer);
      // pg's types say Error; it is null on success.
      const failure = error as (Error & { code?: string }) | null;
      if (!failure) {
        client.release();
        resolve(result.rows as Row[]);
      } else if (isStatementError(failure)) {
        client.release();
        reject(failure);
      } else {
        client.release(failure);
        reject(new DatabaseUnavailable('connection failed', { cause: failure }));
      }
    });
  });
}

/** Constraint, syntax and privilege errors leave the connection usable; all else means that nobody looked. */
function isStatementError(error: { code?: string }): boolean {
  return typeof error.code === 'string' && /^(22|23|40|42|P0)/.test(error.code);
}

/** Closing politely would wait for a server that does not answer. */
function destroy(client: PoolClient): void {
  (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
}
