import { Text, Title } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { Icon, type IconName } from '../../looks/icon.js';
import { describeStep, toneOf, whoOf, type Who } from '../../story/describe-step.js';
import { dayIn, formatDay, formatDuration, formatMoment, formatTime } from '../../story/format.js';
import { groupStory, type Chapter, type StoryLine } from '../../story/group-story.js';
import type { SentEntry } from '../../story/timeline.js';
import { useLanguage, useTexts } from '../../texts/use-texts.js';

const ICONS: Readonly<Record<Who, IconName>> = {
  alexa: 'alexa',
  household: 'household',
  provider: 'provider',
  broker: 'broker',
  webhook: 'webhook',
  skill: 'skills',
};

/** A timeline as a story: an attempt or a day at a time, the newest first. */
export function Story({ entries }: { readonly entries: readonly SentEntry[] }): ReactNode {
  const chapters = useMemo(() => groupStory(entries, (at) => dayIn(at)), [entries]);
  return chapters.map((chapter) => <ChapterView key={chapter.id} chapter={chapter} />);
}

function ChapterView({ chapter }: { readonly chapter: Chapter }): ReactNode {
  const { timeline } = useTexts();
  const { language } = useLanguage();
  const { reference, day, startedAt, lasted, lines } = chapter;
  return (
    <section className="lb-chapter">
      <Title order={3} size="h5">
        {reference === null ? timeline.onDay : `${timeline.attempt} ${reference}`}
      </Title>
      <Text size="sm" c="dimmed">
        {reference === null ? formatDay(day, language) : formatMoment(startedAt, language)}
        {reference !== null && lasted > 0 && `, ${timeline.took(formatDuration(lasted, language))}`}
      </Text>
      <ol className="lb-lines">
        {lines.map((line) => (
          <Line key={`${line.firstAt} ${line.entry.name}`} line={line} />
        ))}
      </ol>
    </section>
  );
}

function Line({ line: { entry, count } }: { readonly line: StoryLine }): ReactNode {
  const texts = useTexts();
  const { language } = useLanguage();
  const tone = toneOf(entry);
  const who = whoOf(entry);
  return (
    <li className="lb-line">
      <span className={`lb-dot lb-${tone}`} title={texts.timeline.who[who]}>
        <Icon name={tone === 'bad' ? 'alert' : ICONS[who]} size={17} />
      </span>
      <div className="lb-step">
        <Text fw={tone === 'plain' ? 400 : 600} component="span">
          {describeStep(entry, texts)}
        </Text>
        <Text size="sm" c="dimmed" component="span">
          {factsOf(entry, count, texts, language).map((fact) => ` · ${fact}`)}
        </Text>
        {entry.detail !== null && (
          <Text size="sm" {...(tone !== 'bad' && { c: 'dimmed' })}>
            {entry.detail}
          </Text>
        )}
        <More entry={entry} />
      </div>
      <time className="lb-clock" dateTime={entry.at}>
        {formatTime(entry.at, language)}
      </time>
    </li>
  );
}

function factsOf(
  { connector, ms, status, outcome, name }: SentEntry,
  count: number,
  { timeline }: ReturnType<typeof useTexts>,
  language: ReturnType<typeof useLanguage>['language'],
): string[] {
  return [
    ...(connector === null ? [] : [connector]),
    ...(count > 1 ? [timeline.times(count)] : []),
    ...(ms === null ? [] : [timeline.answered(formatDuration(ms, language))]),
    ...(status === null || status < 400 ? [] : [`${timeline.status} ${String(status)}`]),
    ...(outcome === null || name === 'token.answered' ? [] : [outcome]),
  ];
}

/** What was recorded beside it, for whoever wants to know exactly. */
function More({ entry }: { readonly entry: SentEntry }): ReactNode {
  const { timeline } = useTexts();
  const { figures, data, name, status } = entry;
  const known = { ...figures, ...data };
  if (Object.keys(known).length === 0) return null;
  return (
    <details className="lb-more">
      <summary>{timeline.details}</summary>
      <pre className="lb-json" tabIndex={0}>
        {JSON.stringify({ name, ...(status !== null && { status }), ...known }, null, 2)}
      </pre>
    </details>
  );
}
