import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

/** How a turn was taken. */
export interface Turn {
  /** Seconds to wait before the next one; 0 where this one is granted. */
  readonly waitSeconds: number;
}

/** Counts in windows that begin with their first turn, in one round trip. */
const TAKE = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
if count <= tonumber(ARGV[1]) then return 0 end
return math.max(redis.call('TTL', KEYS[1]), 1)`;

/** How often something may happen in a while, by name. */
export class TurnsStore {
  constructor(private readonly redis: Redis) {}

  /** @throws EphemeralUnavailable */
  async take(name: string, most: number, windowSeconds: number): Promise<Turn> {
    try {
      const wait = await this.redis.eval(TAKE, 1, `linkbroker:turns:${name}`, most, windowSeconds);
      return { waitSeconds: Number(wait) };
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}
