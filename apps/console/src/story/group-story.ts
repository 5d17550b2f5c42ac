import type { SentEntry } from './timeline.js';

/** One line of a story: a step, or steps alike that followed each other. */
export interface StoryLine {
  /** The last of them. */
  readonly entry: SentEntry;
  readonly count: number;
  /** When the first of them was. */
  readonly firstAt: string;
}

/** What belongs together: an attempt of a household, or what happened on one day without it. */
export interface Chapter {
  /** Stays the same while a chapter grows. */
  readonly id: string;
  readonly reference: string | null;
  /** The first of its days, `2026-01-31`, in the viewer's time zone. */
  readonly day: string;
  readonly startedAt: string;
  /** Milliseconds from its first step to its last. */
  readonly lasted: number;
  /** In order of time. */
  readonly lines: readonly StoryLine[];
}

/**
 * A timeline as chapters, the newest first, each told in order of time. Steps of an attempt stay together, also where
 * others came in between.
 * @param dayOf the day of a time, in the viewer's time zone
 */
export function groupStory(entries: readonly SentEntry[], dayOf: (at: string) => string): Chapter[] {
  const chapters = new Map<string, SentEntry[]>();
  for (const entry of entries) {
    const id = entry.reference ?? dayOf(entry.at);
    const known = chapters.get(id);
    if (known) known.push(entry);
    else chapters.set(id, [entry]);
  }
  return [...chapters]
    .map(([id, own]) => chapterOf(id, own, dayOf))
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
}

function chapterOf(id: string, entries: readonly SentEntry[], dayOf: (at: string) => string): Chapter {
  const ordered = [...entries].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const startedAt = ordered[0]?.at ?? '';
  const lasted = Math.max(0, Date.parse(ordered.at(-1)?.at ?? '') - Date.parse(startedAt)) || 0;
  return {
    id,
    reference: ordered[0]?.reference ?? null,
    day: dayOf(startedAt),
    startedAt,
    lasted,
    lines: linesOf(ordered),
  };
}

function linesOf(ordered: readonly SentEntry[]): StoryLine[] {
  const lines: StoryLine[] = [];
  for (const entry of ordered) {
    const last = lines.at(-1);
    if (last && isAlike(last.entry, entry)) lines[lines.length - 1] = { ...last, entry, count: last.count + 1 };
    else lines.push({ entry, count: 1, firstAt: entry.at });
  }
  return lines;
}

/** Steps that say the same: nobody reads forty of them. */
const isAlike = (one: SentEntry, other: SentEntry): boolean =>
  one.name === other.name &&
  one.outcome === other.outcome &&
  one.status === other.status &&
  one.detail === other.detail &&
  one.connector === other.connector;
