import type { Deadline, RegisteredClient } from '@linkbroker/contracts';
import type { ClientsStore } from './clients.store.js';

interface CachedClient {
  readonly readAt: number;
  readonly client: RegisteredClient | undefined;
}

const MAX_ENTRIES = 10_000;
/** Milliseconds that even a caller who wants a fresh answer shares one: guesses cost one read a second, not one each. */
const SHARED_MS = 1_000;
/** Milliseconds an entry still serves while its successor is being read. */
const STALE_MS = 60_000;

/**
 * Registered clients held in memory, so that a refresh costs one statement and not two. An entry past its age serves
 * once more while a new one is read; a caller about to refuse asks for a fresh one. While the database is away the
 * last known client serves: the statement that follows fails by itself.
 */
export class CachedClients {
  private readonly entries = new Map<string, CachedClient>();
  private readonly reads = new Map<string, Promise<RegisteredClient | undefined>>();

  constructor(
    private readonly store: Pick<ClientsStore, 'resolve'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async find(clientId: string, maxAgeMs: number, deadline: Deadline): Promise<RegisteredClient | undefined> {
    const entry = this.entries.get(clientId);
    const age = entry ? this.now() - entry.readAt : Infinity;
    if (entry && age <= Math.max(maxAgeMs, SHARED_MS)) return entry.client;
    const read = this.read(clientId, deadline);
    if (entry?.client && maxAgeMs > 0 && age <= STALE_MS) {
      read.catch(() => undefined);
      return entry.client;
    }
    return read;
  }

  private read(clientId: string, deadline: Deadline): Promise<RegisteredClient | undefined> {
    const running = this.reads.get(clientId);
    if (running) return running;
    const reading = this.store
      .resolve(clientId, deadline)
      .then((client) => {
        this.keep(clientId, client);
        return client;
      })
      .finally(() => this.reads.delete(clientId));
    this.reads.set(clientId, reading);
    return reading;
  }

  private keep(clientId: string, client: RegisteredClient | undefined): void {
    this.entries.delete(clientId);
    const [oldest] = this.entries.keys();
    if (this.entries.size >= MAX_ENTRIES && oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(clientId, { readAt: this.now(), client });
  }
}
