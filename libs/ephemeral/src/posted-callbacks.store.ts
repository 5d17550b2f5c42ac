import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

const keyOf = (handle: string): string => `linkbroker:posted-callback:{${handle}}`;
/** Seconds between a POST and the GET it is redirected to. */
const TTL_SECONDS = 300;
const HANDLE = /^[A-Za-z0-9_-]{32}$/;

/**
 * Callbacks that arrived by POST, until the GET that follows takes them: once.
 * @throws EphemeralUnavailable when Redis cannot be asked
 */
export class PostedCallbacksStore {
  constructor(private readonly redis: Redis) {}

  async keep(handle: string, body: string): Promise<void> {
    await this.ask(() => this.redis.set(keyOf(handle), body, 'EX', TTL_SECONDS));
  }

  async take(handle: string): Promise<string | undefined> {
    if (!HANDLE.test(handle)) return undefined;
    return (await this.ask(() => this.redis.getdel(keyOf(handle)))) ?? undefined;
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}
