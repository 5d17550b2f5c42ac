import { Text } from '@mantine/core';
import type { GET_OVERVIEW } from '@linkbroker/contracts/api';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { Panel } from '../../parts/panel.js';
import { StateMark } from '../../parts/state-mark.js';
import { formatDuration } from '../../story/format.js';
import { useLanguage, useTexts } from '../../texts/use-texts.js';

type Overview = z.output<(typeof GET_OVERVIEW)['answer']>;

const STEPS = ['started', 'redirected', 'identified', 'codes', 'linked'] as const;

/** How far those came who began to link. */
export function Funnel({ funnel }: Pick<Overview, 'funnel'>): ReactNode {
  const { overview } = useTexts();
  return (
    <Panel title={overview.funnel}>
      {funnel.started === 0 ? (
        <Text size="sm" c="dimmed">
          {overview.noAttempts}
        </Text>
      ) : (
        <ol className="lb-funnel">
          {STEPS.map((step) => (
            <li key={step}>
              <span>{overview.steps[step]}</span>
              <meter min={0} max={funnel.started} value={funnel[step]} aria-label={overview.steps[step]} />
              <strong>{funnel[step]}</strong>
              <Text size="xs" c="dimmed" component="span">
                {overview.ofAll(Math.round((100 * funnel[step]) / funnel.started))}
              </Text>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** How fast Alexa was answered. */
export function TokenAnswers({ tokenAnswers }: Pick<Overview, 'tokenAnswers'>): ReactNode {
  const { overview } = useTexts();
  const { language } = useLanguage();
  const { count, p50, p95, late } = tokenAnswers;
  return (
    <Panel title={overview.answers}>
      <Text size="sm">
        {count === 0 || p50 === null || p95 === null
          ? overview.noAnswers
          : overview.answersText(count, formatDuration(p50, language), formatDuration(p95, language))}
      </Text>
      {late > 0 && <StateMark tone="bad">{overview.late(late)}</StateMark>}
    </Panel>
  );
}
