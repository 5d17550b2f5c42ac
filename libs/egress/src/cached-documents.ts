import type { Deadline } from '@linkbroker/contracts';
import type { Egress } from './egress.js';
import { EgressFailed } from './egress-refused.js';

interface CachedDocument {
  readonly fetchedAt: number;
  readonly json: unknown;
}

/** Milliseconds a document is used without asking again. */
const FRESH_MS = 10 * 60_000;
const MAX_DOCUMENTS = 2_000;

/**
 * Published JSON documents (discovery, JWKS): fetched once for many callers, used for ten minutes, and used longer
 * while their server is away.
 */
export class CachedDocuments {
  private readonly documents = new Map<string, CachedDocument>();
  private readonly fetches = new Map<string, Promise<unknown>>();

  constructor(
    private readonly egress: Pick<Egress, 'send'>,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @param notBefore a copy fetched earlier than this (ms since the epoch) does not do, e.g. after an unknown key id
   * @throws EgressFailed or EgressRefused when there is no copy and none can be had
   */
  async get(url: string, deadline: Deadline, notBefore = 0): Promise<unknown> {
    const known = this.documents.get(url);
    if (known && known.fetchedAt >= Math.max(this.now() - FRESH_MS, notBefore)) return known.json;
    try {
      return await this.fetchOnce(url, deadline);
    } catch (error) {
      if (known && notBefore === 0) return known.json;
      throw error;
    }
  }

  private fetchOnce(url: string, deadline: Deadline): Promise<unknown> {
    const running = this.fetches.get(url);
    if (running) return running;
    const fetching = this.fetch(url, deadline).finally(() => this.fetches.delete(url));
    this.fetches.set(url, fetching);
    return fetching;
  }

  private async fetch(url: string, deadline: Deadline): Promise<unknown> {
    const response = await this.egress.send({ method: 'GET', url, purpose: 'upstream', deadline });
    if (response.status !== 200) throw new EgressFailed(`${new URL(url).host} answered ${String(response.status)}`);
    let json: unknown;
    try {
      json = JSON.parse(response.body);
    } catch (cause) {
      throw new EgressFailed(`${new URL(url).host} did not answer JSON`, { cause });
    }
    const [oldest] = this.documents.keys();
    if (this.documents.size >= MAX_DOCUMENTS && oldest !== undefined) this.documents.delete(oldest);
    this.documents.set(url, { fetchedAt: this.now(), json });
    return json;
  }
}
