import type { Redis } from 'ioredis';
import type {
  BindOutcome,
  CancelOutcome,
  ClaimOutcome,
  LinkRequest,
  LinkRequestOrigin,
  LinkRequestStatus,
  UpstreamHop,
} from './link-request.js';
import { SCRIPTS } from './link-request-scripts.js';
import { EphemeralUnavailable } from './redis.js';

/** Keeps every attempt under one hash key, so that each verb is one atomic script. */
const keyOf = (id: string): string => `linkbroker:link-request:{${id}}`;

/**
 * Link requests in flight.
 * @throws EphemeralUnavailable when Redis cannot be asked
 */
export class LinkRequestsStore {
  constructor(private readonly redis: Redis) {}

  /** Begins an attempt that ends by itself after `ttlSeconds`. */
  async create(id: string, origin: LinkRequestOrigin, ttlSeconds: number): Promise<void> {
    await this.run(SCRIPTS.create, id, [JSON.stringify(origin), String(ttlSeconds)]);
  }

  async find(id: string): Promise<LinkRequest | undefined> {
    const fields = await this.ask(() => this.redis.hgetall(keyOf(id)));
    return fields['origin'] === undefined ? undefined : toLinkRequest(id, fields as unknown as Fields);
  }

  /** Binds the attempt to a browser and starts an upstream hop; another browser's binding stands. */
  async bind(id: string, browserHash: string, hop: UpstreamHop): Promise<BindOutcome> {
    return (await this.run(SCRIPTS.bind, id, [browserHash, JSON.stringify(hop), hop.stateHash])) as BindOutcome;
  }

  /** Takes the attempt for finishing: one winner, and only for the browser and state of the hop under way. */
  async claim(id: string, browserHash: string, stateHash: string): Promise<ClaimOutcome> {
    const [outcome, origin, hop] = (await this.run(SCRIPTS.claim, id, [browserHash, stateHash])) as string[];
    if (outcome !== 'claimed') return { outcome: outcome as 'missing' | 'wrong-state' | 'other-browser' | 'repeated' };
    const linkRequest = toLinkRequest(id, { status: 'exchanging', origin: origin ?? '', hop: hop ?? '' });
    return { outcome, linkRequest: linkRequest as LinkRequest & { hop: UpstreamHop } };
  }

  /** Ends an attempt at the household's wish: only for the browser it is bound to, where it is bound. */
  async cancel(id: string, browserHash: string): Promise<CancelOutcome> {
    return (await this.run(SCRIPTS.cancel, id, [browserHash])) as CancelOutcome;
  }

  /** Ends an attempt, or with `started` lets the household try again. A finished one stays finished. */
  async settle(id: string, status: LinkRequestStatus): Promise<boolean> {
    return (await this.run(SCRIPTS.settle, id, [status])) === 1;
  }

  private run(script: string, id: string, values: string[]): Promise<unknown> {
    return this.ask(() => this.redis.eval(script, 1, keyOf(id), ...values));
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new EphemeralUnavailable(cause);
    }
  }
}

interface Fields {
  readonly status: LinkRequestStatus;
  readonly origin: string;
  readonly hop?: string;
}

function toLinkRequest(id: string, fields: Fields): LinkRequest {
  const origin = JSON.parse(fields.origin) as LinkRequestOrigin;
  return { ...origin, id, status: fields.status, hop: fields.hop ? (JSON.parse(fields.hop) as UpstreamHop) : null };
}
