import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

/** How many attempts within how many milliseconds. */
export interface AttemptLimit {
  readonly most: number;
  readonly windowMs: number;
}

/** An attempt that may be made, or the milliseconds to wait for one. */
export type Attempt = { readonly id: string } | { readonly waitMs: number };

const keyOf = (name: string): string => `linkbroker:sign-in-attempts:{${name}}`;

/** ARGV: now, window, most, id. Counts what is in the window before now; takes a place in it, or says when one is free. */
const TAKE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return math.max(1, oldest[2] + ARGV[2] - ARGV[1])
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0`;

/**
 * Attempts to guess something, in sliding windows. A place is taken before anything is checked, so that many guesses at
 * once are not more than many one after another; who was right gives it back.
 * @throws EphemeralUnavailable when Redis cannot be asked
 */
export class SignInAttemptsStore {
  constructor(private readonly redis: Redis) {}

  async take(name: string, { most, windowMs }: AttemptLimit, now: Date): Promise<Attempt> {
    const id = randomUUID();
    const wait = await this.ask(() => this.redis.eval(TAKE, 1, keyOf(name), now.getTime(), windowMs, most, id));
    return wait === 0 ? { id } : { waitMs: Number(wait) };
  }

  /** Gives an attempt's place back. */
  async giveBack(name: string, id: string): Promise<void> {
    await this.ask(() => this.redis.zrem(keyOf(name), id));
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}
