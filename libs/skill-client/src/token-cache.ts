import type { UpstreamToken, UpstreamTokenResult } from './results.js';

interface Entry {
  readonly token: UpstreamToken;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Milliseconds before its end at which a token is not given out any more. */
const MARGIN_MS = 60_000;

/**
 * Upstream tokens by the access token they were asked for with, until a minute before they end; one question at a time
 * per token. In this process's memory only.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();
  private readonly running = new Map<string, Promise<UpstreamTokenResult>>();

  /** @param size tokens kept at most; 0 keeps none @param now milliseconds since the epoch */
  constructor(
    private readonly size: number,
    private readonly now: () => number,
  ) {}

  /** @param fresh the kept token does not do, because the provider refused it */
  get(
    key: string,
    fresh: boolean,
    ask: () => Promise<UpstreamTokenResult>,
  ): UpstreamTokenResult | Promise<UpstreamTokenResult> {
    const entry = fresh ? undefined : this.entries.get(key);
    if (entry && entry.expiresAt - MARGIN_MS > this.now()) {
      return { ...entry.token, expiresIn: Math.floor((entry.expiresAt - this.now()) / 1_000) };
    }
    this.entries.delete(key);
    const running = this.running.get(key);
    if (running) return running;
    const asked = this.keep(key, ask).finally(() => this.running.delete(key));
    this.running.set(key, asked);
    return asked;
  }

  private async keep(key: string, ask: () => Promise<UpstreamTokenResult>): Promise<UpstreamTokenResult> {
    const askedAt = this.now();
    const result = await ask();
    if (result.kind !== 'token') return result;
    const expiresAt = askedAt + result.expiresIn * 1_000;
    if (this.size > 0 && expiresAt - MARGIN_MS > this.now()) {
      const [oldest] = this.entries.keys();
      if (this.entries.size >= this.size && oldest !== undefined) this.entries.delete(oldest);
      this.entries.set(key, { token: result, expiresAt });
    }
    return result;
  }
}
