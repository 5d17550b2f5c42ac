/** A timeline as the API sends it. */
export interface SentTimeline {
  readonly link: {
    readonly id: string;
    readonly skill: string;
    readonly connector: string;
    readonly state: string;
  } | null;
  readonly reference: string | null;
  readonly entries: readonly SentEntry[];
  readonly causes: readonly SentCause[];
}

export interface SentEntry {
  readonly at: string;
  readonly name: string;
  readonly reference: string | null;
  readonly connector: string | null;
  readonly outcome: string | null;
  readonly status: number | null;
  readonly ms: number | null;
  readonly detail: string | null;
  readonly figures: Readonly<Record<string, number>>;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SentCause {
  readonly severity: 'failure' | 'oddity' | 'note';
  readonly title: string;
  readonly evidence: string;
  readonly symptom: string;
  readonly rules: readonly string[];
  readonly remedy: string;
  readonly reference: string | null;
}

const WIDTH = 100;
const MARKS = { failure: 'FAILURE', oddity: 'ODDITY ', note: 'NOTE   ' };

/** A timeline as a person reads it: what is wrong first, then what happened. */
export function timelineText(timeline: SentTimeline): string {
  return textOf(titleOf(timeline), timeline);
}

/** What is known of one of Alexa's users. */
export interface SentUserTimeline extends Pick<SentTimeline, 'entries' | 'causes'> {
  /** Ids of what he has linked. */
  readonly links: readonly string[];
}

/** The same of one of Alexa's users. */
export function userTimelineText(timeline: SentUserTimeline): string {
  const { links } = timeline;
  const title = links.length > 0 ? `Alexa user of link ${links.join(', ')}` : 'Alexa user of no link that is known';
  return textOf(title, timeline);
}

const titleOf = ({ link, reference }: SentTimeline): string =>
  link
    ? `Link ${link.id}: ${link.skill} through ${link.connector}, sign-in ${link.state}`
    : `Attempt ${reference ?? ''}: no link came of it`;

function textOf(head: string, { entries, causes }: Pick<SentTimeline, 'entries' | 'causes'>): string {
  const why = causes.length > 0 ? causes.flatMap(causeLines) : ['Nothing on it explains a failure.', ''];
  return [head, '', ...why, ...entries.flatMap(entryLines), ''].join('\n');
}

function causeLines({ severity, title, evidence, symptom, rules, remedy, reference }: SentCause): string[] {
  const attempt = reference === null ? '' : ` [${reference}]`;
  return [
    `${MARKS[severity]}  ${title}${attempt}`,
    ...wrapped(`Seen: ${evidence}`),
    ...wrapped(`For the household: ${symptom}`),
    ...wrapped(`Do: ${remedy} (${rules.join(', ')})`),
    '',
  ];
}

function entryLines(entry: SentEntry): string[] {
  const { at, name, connector, outcome, status, ms, detail, figures, data } = entry;
  const facts = [
    status === null ? '' : String(status),
    outcome ?? '',
    ms === null ? '' : `${String(ms)} ms`,
    connector ?? '',
    entry.reference === null ? '' : `[${entry.reference}]`,
    ...Object.entries(figures).map(([key, value]) => `${key} ${String(value)}`),
  ].filter((text) => text !== '');
  const more = Object.keys(data).length > 0 ? wrapped(JSON.stringify(data)) : [];
  return [`${at}  ${name.padEnd(24)} ${facts.join('  ')}`.trimEnd(), ...(detail ? wrapped(detail) : []), ...more];
}

function wrapped(text: string): string[] {
  const indent = ' '.repeat(9);
  const lines = text.match(new RegExp(`.{1,${String(WIDTH)}}(?:[ ,]|$)|.{1,${String(WIDTH)}}`, 'g')) ?? [];
  return lines.map((line) => `${indent}${line.trimEnd()}`);
}
