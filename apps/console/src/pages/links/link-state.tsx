import type { ListedLinkAnswer } from '@linkbroker/contracts/api';
import type { ReactNode } from 'react';
import { StateMark } from '../../parts/state-mark.js';
import type { Tone } from '../../story/describe-step.js';
import { useTexts } from '../../texts/use-texts.js';

type State = ListedLinkAnswer['state'];

const TONES: Readonly<Record<State, Tone>> = { active: 'good', at_risk: 'odd', dead: 'bad', revoked: 'plain' };

/** How a link's sign-in at its provider is. */
export function LinkState({ state }: { readonly state: State }): ReactNode {
  return <StateMark tone={TONES[state]}>{useTexts().links.states[state]}</StateMark>;
}
