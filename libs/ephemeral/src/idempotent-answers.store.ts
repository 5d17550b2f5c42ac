import type { Redis } from 'ioredis';
import { EphemeralUnavailable } from './redis.js';

/** What is known of a request that came with a key. */
export type IdempotentRequest =
  | { readonly kind: 'new' }
  | { readonly kind: 'under-way' }
  /** `answer` is as it was kept. */
  | { readonly kind: 'answered'; readonly request: string; readonly answer: string };

/** Seconds for which a request may be under way before its key is free again. */
const UNDER_WAY = 60;
/** Seconds for which an answer is kept. */
const KEPT = 24 * 3_600;
const WAITING = 'under way';

const keyOf = (name: string): string => `linkbroker:idempotent:{${name}}`;

/** Answers to requests that carry a key, for a day. What they hold is the caller's to seal. */
export class IdempotentAnswersStore {
  constructor(private readonly redis: Redis) {}

  /** Takes a key, or says what is known under it. @throws EphemeralUnavailable */
  async begin(name: string): Promise<IdempotentRequest> {
    const found = await this.try(() => this.redis.set(keyOf(name), WAITING, 'EX', UNDER_WAY, 'NX', 'GET'));
    if (found === null) return { kind: 'new' };
    if (found === WAITING) return { kind: 'under-way' };
    const [request = '', answer = ''] = found.split('\n', 2);
    return { kind: 'answered', request, answer };
  }

  /** @throws EphemeralUnavailable */
  async keep(name: string, request: string, answer: string): Promise<void> {
    await this.try(() => this.redis.set(keyOf(name), `${request}\n${answer}`, 'EX', KEPT));
  }

  /** Frees a key whose request came to nothing. @throws EphemeralUnavailable */
  async free(name: string): Promise<void> {
    await this.try(() => this.redis.del(keyOf(name)));
  }

  private async try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}
