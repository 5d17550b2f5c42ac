import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

/** What a challenge was made for; one of sign-in by whoever has a passkey names no account. */
export interface PasskeyChallenge {
  readonly purpose: 'sign-in' | 'register';
  readonly accountId: string | null;
}

const keyOf = (challenge: string): string => `linkbroker:passkey-challenge:{${challenge}}`;
/** Seconds that somebody may take to touch a key. */
const TTL_SECONDS = 300;
const CHALLENGE = /^[A-Za-z0-9_-]{16,128}$/;

/**
 * Challenges that were given out; each can be answered once.
 * @throws EphemeralUnavailable when Redis cannot be asked
 */
export class PasskeyChallengesStore {
  constructor(private readonly redis: Redis) {}

  async keep(challenge: string, what: PasskeyChallenge): Promise<void> {
    await this.ask(() => this.redis.set(keyOf(challenge), JSON.stringify(what), 'EX', TTL_SECONDS));
  }

  async take(challenge: string): Promise<PasskeyChallenge | undefined> {
    if (!CHALLENGE.test(challenge)) return undefined;
    const text = await this.ask(() => this.redis.getdel(keyOf(challenge)));
    return text === null ? undefined : (JSON.parse(text) as PasskeyChallenge);
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}
