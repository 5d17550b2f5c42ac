import type { Deadline, TraceEvent } from '@linkbroker/contracts';
import { EntryBatches, type ClosedBatch } from './entry-batches.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import { scrub } from './redaction.js';
import { Rations } from './rations.js';

/** Where timelines are kept. */
export interface TimelineStorage {
  /** Stores a batch: a JSON array of `RecordedEvent`, in UTF-8. */
  readonly write: (batch: Buffer, deadline: Deadline) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface TimelineOptions {
  readonly store: TimelineStorage;
  readonly now: () => Date;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Entries kept while the store is away: some megabytes, and half a minute of a busy broker. */
const MOST_WAITING = 20_000;
/** From then on no tenant takes the room of another: entries of each in ten seconds. */
const CROWDED = MOST_WAITING / 2;
const CROWDED_SHARE = 1_000;
const BATCH = 500;
/** Milliseconds an entry waits for others. Longer would spare little, and a large batch takes a processor from those who answer. */
const GATHER_MS = 50;
const WRITE_MS = 5_000;
const RETRY_MS = { first: 1_000, most: 30_000 };
const LONGEST_DETAIL = 500;
const LONGEST_DATA = 4_096;
/** The journal of refreshes has them, so timelines read them there. */
const JOURNALLED: ReadonlySet<string> = new Set(['upstream.refreshed']);
/** What anybody can cause who knows a client id: entries a minute of each tenant. */
const UNPROVEN = /^(authorize|page|client|callback)\./;
const UNPROVEN_A_MINUTE = 1_200;

/**
 * Gathers the events of timelines and writes them in batches, off every request's way. Bounded: when the store is away or
 * slower than events come, what does not fit is dropped and counted, and nothing else notices.
 * @see ADR 0017
 */
export class Timeline {
  private readonly waiting = new EntryBatches(BATCH);
  private readonly rations = new Rations(UNPROVEN_A_MINUTE, 60_000);
  private readonly shares = new Rations(CROWDED_SHARE, 10_000);
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private retryMs = 0;
  private closed = false;
  private lastMicros = 0;
  private second = -1;
  private secondText = '';

  /** `on`: false where nothing is to be recorded. */
  constructor(
    private readonly options: TimelineOptions,
    private readonly on = true,
  ) {
    options.metrics.gauge('linkbroker_timeline_waiting', 'Timeline entries not yet stored', () => this.waiting.count);
  }

  /** Takes an event for its timeline. Never waits and never throws; an event without a tenant is on nobody's timeline. */
  readonly record = (event: TraceEvent): void => {
    const { tenantId } = event;
    if (!this.on || this.closed || tenantId === undefined || JOURNALLED.has(event.name)) return;
    const now = this.options.now().getTime();
    const reason = this.refuses(event.name, tenantId, now);
    if (reason) {
      this.drop(reason);
      return;
    }
    this.waiting.add(encode(event, this.stamp(now)));
    this.timer ??= setTimeout(this.turn, GATHER_MS);
  };

  private refuses(name: string, tenantId: string, now: number): 'full' | 'flood' | undefined {
    const { count } = this.waiting;
    if (count >= MOST_WAITING || (count >= CROWDED && !this.shares.take(tenantId, now))) return 'full';
    return UNPROVEN.test(name) && !this.rations.take(tenantId, now) ? 'flood' : undefined;
  }

  /** Writes what waits and closes the store; entries that cannot be written are given up. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.writing;
    while (this.waiting.count > 0) {
      const before = this.waiting.count;
      await this.writeBatch();
      if (this.waiting.count === before) break;
    }
    for (let left = this.waiting.count; left > 0; left -= 1) this.drop('closed');
    await this.options.store.close();
  }

  private drop(reason: 'full' | 'flood' | 'closed' | 'unfit'): void {
    this.options.metrics.countTimelineDrop(reason);
  }

  private readonly turn = (): void => {
    this.writing = this.writeBatch().finally(() => {
      this.writing = undefined;
      const wait = this.retryMs > 0 ? this.retryMs : this.waiting.count >= BATCH ? 0 : GATHER_MS;
      const more = this.waiting.count > 0 && !this.closed;
      this.timer = more ? setTimeout(this.turn, wait) : undefined;
    });
  };

  private async writeBatch(): Promise<void> {
    const batch = this.waiting.first();
    if (!batch) return;
    try {
      await this.write(batch, 0, batch.count);
      this.waiting.removeFirst();
      this.retryMs = 0;
    } catch (error) {
      this.retryMs = Math.min(RETRY_MS.most, Math.max(RETRY_MS.first, this.retryMs * 2));
      this.options.logger.warn({ err: error, waiting: this.waiting.count }, 'timeline not written; it waits');
    }
  }

  /** One entry that the store cannot take must not hold up the others: it is looked for by halves, and dropped. */
  private async write(batch: ClosedBatch, from: number, to: number): Promise<void> {
    try {
      await this.options.store.write(batch.read(from, to), performance.now() + WRITE_MS);
    } catch (error) {
      if (!isUnfit(error)) throw error;
      if (to - from === 1) {
        this.drop('unfit');
        return;
      }
      const half = from + Math.ceil((to - from) / 2);
      await this.write(batch, from, half);
      await this.write(batch, half, to);
    }
  }

  /** ISO 8601 in microseconds; later than every one before, also when many events come in one millisecond. */
  private stamp(now: number): string {
    this.lastMicros = Math.max(now * 1_000, this.lastMicros + 1);
    const second = Math.floor(this.lastMicros / 1_000_000);
    if (second !== this.second) {
      this.second = second;
      this.secondText = new Date(second * 1_000).toISOString().slice(0, 19);
    }
    return `${this.secondText}.${String(this.lastMicros % 1_000_000).padStart(6, '0')}Z`;
  }
}

/** Whether a store says that what it was given is wrong, and not that it cannot be reached: SQLSTATE class 22. */
const isUnfit = (error: unknown): boolean => /^22/.test((error as { code?: string }).code ?? '');

/** NUL and half of a surrogate pair, as JSON writes them: requests and providers can send them, PostgreSQL takes neither. */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/**
 * One entry as JSON, a `RecordedEvent`. What its maker redacted goes through the same net as log lines; what has no free
 * text need not.
 */
function encode(event: TraceEvent, at: string): string {
  if (event.detail === undefined && event.data === undefined) return stamped(JSON.stringify(event), at);
  const { detail, data, ...rest } = event;
  const text = data && scrub(JSON.stringify(data));
  const kept = text === undefined || text.length <= LONGEST_DATA ? text : `{"characters":${String(text.length)}}`;
  const line = JSON.stringify({ ...rest, ...(detail && { detail: scrub(detail).slice(0, LONGEST_DETAIL) }) });
  const whole = kept === undefined ? line : `${line.slice(0, -1)},"data":${kept}}`;
  return stamped(whole.replaceAll(UNSTORABLE, '\\ufffd'), at);
}

const stamped = (json: string, at: string): string => `{"at":"${at}",${json.slice(1)}`;
