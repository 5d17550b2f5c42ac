import type { TraceName } from '@linkbroker/contracts/api';

/** One entry of a timeline as the API sends it. */
export interface SentEntry {
  readonly at: string;
  readonly name: TraceName | `webhook.${string}`;
  readonly linkId: string | null;
  readonly reference: string | null;
  readonly connector: string | null;
  readonly outcome: string | null;
  readonly status: number | null;
  /** Milliseconds until the answer. */
  readonly ms: number | null;
  readonly detail: string | null;
  readonly figures: Readonly<Record<string, number>>;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A named reason why something failed, with what shows it. In English: it comes from the API. */
export interface SentCause {
  readonly id: string;
  readonly severity: 'failure' | 'oddity' | 'note';
  readonly title: string;
  readonly evidence: string;
  readonly symptom: string;
  readonly rules: readonly string[];
  readonly remedy: string;
  readonly at: string;
  readonly reference: string | null;
}

export interface SentTimeline {
  readonly entries: readonly SentEntry[];
  readonly causes: readonly SentCause[];
  /** Where the page before goes on; null at the end, and where there are no pages. */
  readonly before: string | null;
  readonly linkId: string | null;
}

interface Loose {
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  readonly causes: readonly Readonly<Record<string, unknown>>[];
  readonly [more: string]: unknown;
}

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const recordOr = (value: unknown): Record<string, never> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, never>) : {};

/** Takes a timeline as the contract leaves it open, and holds it to what the page shows. */
export function readTimeline(sent: Loose): SentTimeline {
  return {
    entries: sent.entries.map(readEntry),
    causes: sent.causes.map(readCause),
    before: textOr(sent['before']),
    linkId: textOr(recordOr(sent['link'])['id']),
  };
}

function readEntry(sent: Readonly<Record<string, unknown>>): SentEntry {
  return {
    at: textOr(sent['at']) ?? '',
    name: (textOr(sent['name']) ?? '') as SentEntry['name'],
    linkId: textOr(sent['linkId']),
    reference: textOr(sent['reference']),
    connector: textOr(sent['connector']),
    outcome: textOr(sent['outcome']),
    status: numberOr(sent['status']),
    ms: numberOr(sent['ms']),
    detail: textOr(sent['detail']),
    figures: recordOr(sent['figures']),
    data: recordOr(sent['data']),
  };
}

function readCause(sent: Readonly<Record<string, unknown>>): SentCause {
  const severity = textOr(sent['severity']);
  return {
    id: textOr(sent['id']) ?? '',
    severity: severity === 'failure' || severity === 'note' ? severity : 'oddity',
    title: textOr(sent['title']) ?? '',
    evidence: textOr(sent['evidence']) ?? '',
    symptom: textOr(sent['symptom']) ?? '',
    rules: Array.isArray(sent['rules']) ? sent['rules'].map(String) : [],
    remedy: textOr(sent['remedy']) ?? '',
    at: textOr(sent['at']) ?? '',
    reference: textOr(sent['reference']),
  };
}
