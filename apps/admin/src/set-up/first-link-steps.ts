import { FIRST_LINK_STEPS, type FirstLinkStep, type TimelineEntry } from '@linkbroker/contracts';
import type { TimelineSkill } from '@linkbroker/persistence';

/** A step of a link, and when it was reached; null where it was not. */
export interface ReachedStep {
  readonly step: FirstLinkStep;
  readonly at: Date | null;
}

type Shows = (entry: TimelineEntry) => boolean;

const isAnswer = ({ name, status }: TimelineEntry): boolean => name === 'token.answered' && status === 200;
const RENEWALS = ['rotated', 'replayed', 'recovered'];

const SHOWN: Readonly<Record<FirstLinkStep, Shows>> = {
  started: ({ name }) => name === 'authorize.started' || name === 'relay.redirected',
  redirected: ({ name }) => name === 'upstream.redirected',
  identified: ({ name }) => name === 'upstream.identified',
  code: ({ name }) => name === 'code.issued',
  token: (entry) => entry.name === 'token.issued_implicit' || (isAnswer(entry) && entry.outcome === 'issued'),
  refreshed: (entry) => isAnswer(entry) && RENEWALS.includes(entry.outcome ?? ''),
};

/** What of a skill says which steps its links take. */
export type SteppingSkill = Pick<TimelineSkill, 'grantTypes' | 'relayAuthorizationUrl'>;

/** An implicit grant has no code and nothing to renew; what a relay hands on names no attempt. */
function stepsOf({ grantTypes, relayAuthorizationUrl }: SteppingSkill): readonly FirstLinkStep[] {
  if (relayAuthorizationUrl !== null) return ['started'];
  if (grantTypes.includes('authorization_code')) return FIRST_LINK_STEPS;
  return FIRST_LINK_STEPS.filter((step) => step !== 'code' && step !== 'refreshed');
}

/**
 * How far an attempt has come.
 * @param entries its timeline, oldest first
 */
export const firstLinkSteps = (entries: readonly TimelineEntry[], skill: SteppingSkill): ReachedStep[] =>
  stepsOf(skill).map((step) => ({ step, at: entries.find(SHOWN[step])?.at ?? null }));
