/** A bounded map whose entries expire by the given clock; when it is full the oldest entry goes. */
export class ExpiringMap<V> {
  private readonly entries = new Map<string, { value: V; until: number }>();

  constructor(
    private readonly now: () => number,
    private readonly limit = 100_000,
  ) {}

  set(key: string, value: V, lifetimeMs: number): void {
    this.entries.delete(key);
    const oldest = this.entries.size >= this.limit ? this.entries.keys().next().value : undefined;
    if (oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(key, { value, until: this.now() + lifetimeMs });
  }

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    return entry && entry.until > this.now() ? entry.value : undefined;
  }

  /** Reads and removes in one go: whoever comes second finds nothing. */
  take(key: string): V | undefined {
    const value = this.get(key);
    this.entries.delete(key);
    return value;
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }
}
