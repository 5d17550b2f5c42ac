import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import type { ConnectorsStore } from './connectors.store.js';

const MAX_AGE_MS = 5_000;
const MAX_ENTRIES = 2_000;

/** Connectors held for seconds, so that refreshing many sets of one reads it once. What is not there is asked for anew. */
export class CachedConnectors {
  private readonly entries = new Map<
    string,
    { readonly readAt: number; readonly found: Promise<Connector | undefined> }
  >();

  constructor(
    private readonly store: Pick<ConnectorsStore, 'find'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  find(tenantId: TenantId, connectorId: string, deadline: Deadline): Promise<Connector | undefined> {
    const key = `${tenantId}|${connectorId}`;
    const entry = this.entries.get(key);
    if (entry && this.now() - entry.readAt <= MAX_AGE_MS) return entry.found;
    const found = this.store.find(tenantId, connectorId, deadline);
    const [oldest] = this.entries.keys();
    if (this.entries.size >= MAX_ENTRIES && oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(key, { readAt: this.now(), found });
    found.then(
      (connector) => connector ?? this.entries.delete(key),
      () => this.entries.delete(key),
    );
    return found;
  }
}
