import type { Texts } from '../texts/en.js';
import type { SentEntry } from './timeline.js';

export type Tone = 'good' | 'bad' | 'odd' | 'plain';
export type Who = keyof Texts['timeline']['who'];

const BAD =
  /^incident\.|\.(?:failed|dead|at_risk|refused|no_refresh_token|refresh_failed|revocation_failed|delivery_failed|disabled|parked|other_account)$|^callback\.(?:without_cookie|refused)$/;
const ODD =
  /^(?:code\.replayed|grant\.(?:replayed|too_old|expired)|callback\.repeated|upstream\.(?:attempt_lost|ceiling_near|stale|consent_again)|relay\.repaired|access\.ended|link\.cancelled|grant\.revoked)$/;
const GOOD =
  /^(?:code\.issued|token\.(?:answered|issued_implicit)|repair\.finished|upstream\.(?:recovered|refreshed|exchanged)|accept_grant\.stored)$/;
/** How a token request ends that brings tokens. */
const ANSWERED = /^(?:issued|rotated|replayed|recovered)$/;

type Step = Pick<SentEntry, 'name' | 'outcome' | 'status'>;

/** How a step went, so that what matters can be seen at a glance. */
export function toneOf({ name, outcome, status }: Step): Tone {
  if (BAD.test(name) || (status !== null && status >= 500)) return 'bad';
  if (name === 'token.answered' && outcome !== null && !ANSWERED.test(outcome))
    return outcome === 'unavailable' ? 'bad' : 'odd';
  if (ODD.test(name) || (status !== null && status >= 400)) return 'odd';
  return GOOD.test(name) ? 'good' : 'plain';
}

const WHO: readonly (readonly [RegExp, Who])[] = [
  [/^webhook\.(?!disabled)|^event\.|^webhook\.disabled/, 'webhook'],
  [/^(?:authorize|token|code|client|skill_event|accept_grant|event_grant|alexa_event|grant)\./, 'alexa'],
  [/^(?:page|link|callback|repair)\./, 'household'],
  [/^(?:upstream\.released|exchange|access)/, 'skill'],
  [/^(?:upstream|connector|relay)\./, 'provider'],
];

/** Whose doing a step is. */
export const whoOf = ({ name }: Pick<SentEntry, 'name'>): Who =>
  WHO.find(([shape]) => shape.test(name))?.[1] ?? 'broker';

/** A step in words. A name that this version does not know stays as it is. */
export function describeStep({ name, outcome }: Pick<SentEntry, 'name' | 'outcome'>, texts: Texts): string {
  const { tokenOutcomes, events } = texts;
  if (name.startsWith('webhook.') && !Object.hasOwn(events, name))
    return tokenOutcomes.webhook(name.slice('webhook.'.length));
  const special =
    name === 'token.answered' && outcome !== null && outcome !== 'webhook' && Object.hasOwn(tokenOutcomes, outcome);
  if (special) return tokenOutcomes[outcome as Exclude<keyof typeof tokenOutcomes, 'webhook'>];
  return Object.hasOwn(events, name) ? events[name as keyof typeof events] : name;
}
