import type { GET_IMPORT } from '@linkbroker/contracts/api';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { StateMark } from '../../parts/state-mark.js';
import type { Tone } from '../../story/describe-step.js';
import type { Texts } from '../../texts/en.js';
import { useTexts } from '../../texts/use-texts.js';

export type Import = z.output<(typeof GET_IMPORT)['answer']>;
type State = keyof Texts['imports']['states'];

const TONES: Readonly<Record<State, Tone>> = {
  staged: 'plain',
  running: 'plain',
  held: 'odd',
  done: 'good',
  cancelled: 'plain',
};

/** How far an import is, in one word. */
function stateOf({ startedAt, cancelledAt, lines }: Import): State {
  if (cancelledAt !== null) return 'cancelled';
  if (startedAt === null) return 'staged';
  if (lines.pending === 0) return 'done';
  return lines.held === lines.pending ? 'held' : 'running';
}

/** Whether the worker still has something to do about it. */
export const isUnderWay = (found: Import): boolean => ['running', 'held'].includes(stateOf(found));

export function ImportState({ found }: { readonly found: Import }): ReactNode {
  const { imports } = useTexts();
  const state = stateOf(found);
  return <StateMark tone={TONES[state]}>{imports.states[state]}</StateMark>;
}
