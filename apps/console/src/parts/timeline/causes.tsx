import { Badge, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Tone } from '../../story/describe-step.js';
import type { SentCause } from '../../story/timeline.js';
import { useTexts } from '../../texts/use-texts.js';
import { Moment } from '../moment.js';
import { StateMark } from '../state-mark.js';

const TONES: Readonly<Record<SentCause['severity'], Tone>> = { failure: 'bad', oddity: 'odd', note: 'plain' };

/** Why it failed: what shows it, what the household sees, what to do. The gravest first, as they come. */
export function Causes({ causes }: { readonly causes: readonly SentCause[] }): ReactNode {
  const { timeline } = useTexts();
  if (causes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {timeline.noCauses}
      </Text>
    );
  }
  return causes.map((cause) => <CauseView key={`${cause.id} ${cause.reference ?? ''}`} cause={cause} />);
}

function CauseView({ cause }: { readonly cause: SentCause }): ReactNode {
  const { timeline } = useTexts();
  const { severity, title, evidence, symptom, rules, remedy, at, reference } = cause;
  return (
    <article className={`lb-cause is-${severity}`}>
      <Group gap="xs" justify="space-between">
        <Title order={3} size="h5">
          {title}
        </Title>
        <StateMark tone={TONES[severity]}>{timeline.severity[severity]}</StateMark>
      </Group>
      <Text size="sm" c="dimmed" component="div">
        {reference !== null && `${timeline.attempt} ${reference} · `}
        <Moment at={at} />
      </Text>
      <dl lang="en">
        <dt>{timeline.remedy}</dt>
        <dd>{remedy}</dd>
        <dt>{timeline.seen}</dt>
        <dd>{evidence}</dd>
        <dt>{timeline.household}</dt>
        <dd>{symptom}</dd>
        {rules.length > 0 && (
          <>
            <dt>{timeline.rules}</dt>
            <dd>
              <Group gap={4}>
                {rules.map((rule) => (
                  <Badge key={rule} variant="default" radius="sm" tt="none">
                    {rule}
                  </Badge>
                ))}
              </Group>
            </dd>
          </>
        )}
      </dl>
    </article>
  );
}
