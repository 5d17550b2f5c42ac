import type { LiveTopic, TenantId } from '@linkbroker/contracts';
import type { LiveMarks } from '@linkbroker/persistence';

/** How often the stores are asked, however many look on. */
const EVERY_MS = 2_000;

type Listener = (topics: readonly LiveTopic[]) => void;

interface Watched {
  readonly listeners: Set<Listener>;
  timer: NodeJS.Timeout | undefined;
  marks: LiveMarks | undefined;
}

/**
 * Tells whoever looks at a tenant that there is something new. One question to the stores for each tenant that is looked at
 * and each turn; a store that is away is asked again at the next, and what happened meanwhile is told then.
 */
export class LiveFeed {
  private readonly watched = new Map<TenantId, Watched>();

  constructor(
    private readonly read: (tenantId: TenantId) => Promise<LiveMarks>,
    private readonly everyMs = EVERY_MS,
  ) {}

  /** @returns how to stop */
  watch(tenantId: TenantId, listener: Listener): () => void {
    const watched = this.watched.get(tenantId) ?? { listeners: new Set(), timer: undefined, marks: undefined };
    watched.listeners.add(listener);
    if (!this.watched.has(tenantId)) {
      this.watched.set(tenantId, watched);
      void this.turn(tenantId, watched);
    }
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size > 0) return;
      clearTimeout(watched.timer);
      if (this.watched.get(tenantId) === watched) this.watched.delete(tenantId);
    };
  }

  private async turn(tenantId: TenantId, watched: Watched): Promise<void> {
    const marks = await this.read(tenantId).catch(() => undefined);
    if (marks) {
      const topics = watched.marks ? changed(watched.marks, marks) : [];
      watched.marks = marks;
      if (topics.length > 0) for (const listener of watched.listeners) listener(topics);
    }
    if (watched.listeners.size > 0) {
      watched.timer = setTimeout(() => void this.turn(tenantId, watched), this.everyMs);
    }
  }
}

const changed = (before: LiveMarks, now: LiveMarks): LiveTopic[] =>
  (Object.keys(now) as LiveTopic[]).filter((topic) => now[topic] !== before[topic]);
