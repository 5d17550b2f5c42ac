import { hash as digest, randomBytes, timingSafeEqual } from 'node:crypto';
import { verifySecret } from './secret-hash.js';

/** A client secret as it is stored. */
export interface SecretToMatch {
  readonly id: string;
  readonly hash: string;
}

/** Too many wrong secrets at once: the caller could not be judged and may try again. */
export class VerifierBusy extends Error {
  constructor() {
    super('too many secrets are being checked');
    this.name = 'VerifierBusy';
  }
}

const MAX_KNOWN = 10_000;
const MAX_RUNNING = 2;
const MAX_WAITING = 64;

/**
 * Checks client secrets against slow hashes, fast: a secret that matched once in this process is recognised by a keyed
 * fingerprint from then on. Wrong secrets are the ones that wait: their checks run two at a time, in a bounded queue
 * that a recognised client never enters.
 */
export class SecretVerifier {
  private readonly key = randomBytes(32).toString('base64url');
  /** Stored hash to the fingerprint of the secret that matched it. */
  private readonly matched = new Map<string, Buffer>();
  /** Fingerprints of (stored hash, secret) pairs that did not match. */
  private readonly mismatched = new Set<string>();
  private readonly checks = new Map<string, Promise<boolean>>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** The id of the stored secret that matches. @throws VerifierBusy */
  async verify(secret: string, stored: readonly SecretToMatch[]): Promise<string | undefined> {
    const fingerprint = digest('sha256', `${this.key}${secret}`, 'buffer');
    for (const { id, hash } of stored) {
      const known = this.matched.get(hash);
      if (known && timingSafeEqual(known, fingerprint)) return id;
    }
    for (const { id, hash } of stored) {
      if (await this.verifySlowly(secret, fingerprint, hash)) return id;
    }
    return undefined;
  }

  /** Callers with the same secret share one check: after a start, every household's first refresh brings it. */
  private verifySlowly(secret: string, fingerprint: Buffer, hash: string): Promise<boolean> {
    const pair = `${fingerprint.toString('base64url')}${hash}`;
    if (this.mismatched.has(pair)) return Promise.resolve(false);
    const running = this.checks.get(pair);
    if (running) return running;
    const check = this.check(secret, fingerprint, hash, pair).finally(() => this.checks.delete(pair));
    this.checks.set(pair, check);
    return check;
  }

  private async check(secret: string, fingerprint: Buffer, hash: string, pair: string): Promise<boolean> {
    await this.enter();
    try {
      const matches = await verifySecret(secret, hash);
      if (matches) bounded(this.matched).set(hash, fingerprint);
      else bounded(this.mismatched).add(pair);
      return matches;
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  private async enter(): Promise<void> {
    if (this.running >= MAX_RUNNING) {
      if (this.waiting.length >= MAX_WAITING) throw new VerifierBusy();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
  }
}

/** Makes room for one more by forgetting the oldest. */
function bounded<Collection extends Map<string, Buffer> | Set<string>>(collection: Collection): Collection {
  const [oldest] = collection.keys();
  if (collection.size >= MAX_KNOWN && oldest !== undefined) collection.delete(oldest);
  return collection;
}
