import type { TraceEvent, TraceName } from './trace-event.js';

/** A trace event on its way to the timeline: it has a tenant and a time of its own. */
export interface RecordedEvent extends TraceEvent {
  readonly tenantId: string;
  /** ISO 8601 with microseconds. No two events of one process have the same, so they keep their order. */
  readonly at: string;
}

/** One entry of a timeline as it is read. Everything that is not known is null. */
export interface TimelineEntry {
  readonly at: Date;
  readonly name: TraceName | `webhook.${string}`;
  readonly skillId: string | null;
  readonly linkId: string | null;
  readonly grantId: string | null;
  readonly tokenSetId: string | null;
  readonly reference: string | null;
  /** The connector's slug. */
  readonly connector: string | null;
  readonly outcome: string | null;
  readonly status: number | null;
  /** Milliseconds until the answer. */
  readonly ms: number | null;
  readonly detail: string | null;
  readonly figures: Readonly<Record<string, number>>;
  readonly data: Readonly<Record<string, unknown>>;
}
