import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

const STREAM = 'linkbroker:unstored-answers';
/** Entries beyond this would mean that nothing can be stored for a long while; the oldest stay. */
const MOST = 100_000;

export interface UnstoredEntry {
  readonly id: string;
  readonly text: string;
}

/**
 * A Redis stream for sealed answers that neither the database nor the disk would take.
 * @throws EphemeralUnavailable when Redis cannot be asked
 */
export class UnstoredAnswersStore {
  constructor(private readonly redis: Redis) {}

  async keep(text: string): Promise<void> {
    await this.ask(async () => {
      if ((await this.redis.xlen(STREAM)) >= MOST) throw new Error('the stream is full');
      await this.redis.xadd(STREAM, '*', 'answer', text);
    });
  }

  async list(limit: number): Promise<UnstoredEntry[]> {
    const entries = await this.ask(() => this.redis.xrange(STREAM, '-', '+', 'COUNT', limit));
    return entries.map(([id, fields]) => ({ id, text: fields[1] ?? '' }));
  }

  async remove(id: string): Promise<void> {
    await this.ask(() => this.redis.xdel(STREAM, id));
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}
