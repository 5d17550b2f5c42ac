import type { ReactNode } from 'react';
import { Icon, type IconName } from '../looks/icon.js';
import type { Tone } from '../story/describe-step.js';

export const TONE_ICONS: Readonly<Record<Tone, IconName>> = { good: 'check', bad: 'alert', odd: 'odd', plain: 'info' };

/** A state in words, with a sign and a colour of its own. */
export function StateMark({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return (
    <span className={`lb-state lb-${tone}`}>
      <Icon name={TONE_ICONS[tone]} size={14} />
      {children}
    </span>
  );
}
