import type { ReactNode } from 'react';
import { StateMark } from '../../parts/state-mark.js';
import type { Tone } from '../../story/describe-step.js';
import { useTexts } from '../../texts/use-texts.js';
import type { ListedRun } from './doctor-page.js';

const TONES: Readonly<Record<ListedRun['state'], Tone>> = {
  running: 'plain',
  done: 'good',
  failed: 'bad',
  cancelled: 'odd',
};

/** How far a run is. */
export function RunState({ state }: Pick<ListedRun, 'state'>): ReactNode {
  const { doctor } = useTexts();
  return <StateMark tone={TONES[state]}>{doctor.states[state]}</StateMark>;
}
