import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { VerifierBusy } from './secret-verifier.js';

/** OWASP's least for argon2id: 19 MiB, two passes, one lane; some 30 ms. @see RFC 9106 §4 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const MAX_RUNNING = 2;
const MAX_WAITING = 32;

/**
 * Hashes and checks passwords that people chose, with argon2id. Two at a time: each takes memory, and whoever can reach
 * the sign-in page can ask for one.
 */
export class PasswordHashes {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly nobodys: Promise<string>;

  constructor() {
    this.nobodys = hash(randomBytes(16).toString('base64url'), COST);
    this.nobodys.catch(() => undefined);
  }

  /** `$argon2id$v=19$…`. @throws VerifierBusy */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, COST));
  }

  /**
   * Checks a password against a stored hash in constant time. Without a hash it takes as long and is false, so that an
   * unknown login looks like a wrong password.
   * @throws VerifierBusy
   */
  verify(password: string, stored: string | null): Promise<boolean> {
    return this.inTurn(async () => {
      const matches = await verify(stored ?? (await this.nobodys), password);
      return matches && stored !== null;
    });
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= MAX_RUNNING) {
      if (this.waiting.length >= MAX_WAITING) throw new VerifierBusy();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}
