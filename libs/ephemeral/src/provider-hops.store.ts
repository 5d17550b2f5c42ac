import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

/** A trip to an OpenID provider, from which somebody comes back with a code. */
export interface ProviderHop {
  readonly provider: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** The hash of a secret that only the browser has in which it began. */
  readonly browserHash: string;
  /** The token of an invitation that is to be accepted on arrival. */
  readonly invitation: string | null;
}

/** Seconds that somebody may take to sign in there. */
const TTL_SECONDS = 600;
const keyOf = (state: string): string =>
  `linkbroker:provider-hop:{${createHash('sha256').update(state).digest('base64url')}}`;

/**
 * Trips to providers under way, by the hash of their state; each comes back once.
 * @throws EphemeralUnavailable when Redis cannot be asked
 */
export class ProviderHopsStore {
  constructor(private readonly redis: Redis) {}

  async keep(state: string, hop: ProviderHop): Promise<void> {
    await this.ask(() => this.redis.set(keyOf(state), JSON.stringify(hop), 'EX', TTL_SECONDS));
  }

  async take(state: string): Promise<ProviderHop | undefined> {
    const text = await this.ask(() => this.redis.getdel(keyOf(state)));
    return text === null ? undefined : (JSON.parse(text) as ProviderHop);
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}
