import type { CauseFacts, FoundCause, Severity, TimelineStep } from './cause.js';
import { findSilentCauses } from './silent-causes.js';
import { AUTHORIZATION_CAUSES, WAY_BACK_CAUSES } from './authorization-causes.js';
import { PROVIDER_CAUSES } from './provider-causes.js';
import { SKILL_EVENT_CAUSES } from './skill-event-causes.js';
import { ACCEPT_GRANT_CAUSES, RELAY_CAUSES, TOKEN_CAUSES } from './token-causes.js';

const STEP_CAUSES = [
  ...AUTHORIZATION_CAUSES,
  ...WAY_BACK_CAUSES,
  ...PROVIDER_CAUSES,
  ...TOKEN_CAUSES,
  ...ACCEPT_GRANT_CAUSES,
  ...SKILL_EVENT_CAUSES,
  ...RELAY_CAUSES,
];

const WEIGHT: Readonly<Record<Severity, number>> = { failure: 0, oddity: 1, note: 2 };

/**
 * The causes a timeline shows, the gravest first and of those the newest; each once for an attempt, with its last evidence.
 * Pure: the same timeline at the same moment has the same causes.
 * @param steps in order of time
 */
export function findCauses(steps: readonly TimelineStep[], facts: CauseFacts): FoundCause[] {
  const found = new Map(stepCauses(steps, facts));
  for (const cause of findSilentCauses(steps, facts)) found.set(`${cause.id} ${cause.reference ?? ''}`, cause);
  return sorted(found.values());
}

/** The same of steps picked from many timelines: only what single steps show, since what is missing was not picked. */
export function findCausesOfSteps(steps: readonly TimelineStep[], facts: CauseFacts): FoundCause[] {
  return sorted(new Map(stepCauses(steps, facts)).values());
}

function* stepCauses(steps: readonly TimelineStep[], facts: CauseFacts): Generator<[string, FoundCause]> {
  for (const step of steps) {
    const { at, reference } = step;
    for (const { shows, ...cause } of STEP_CAUSES) {
      const evidence = shows(step, facts);
      if (evidence !== undefined) yield [`${cause.id} ${reference ?? ''}`, { ...cause, evidence, at, reference }];
    }
  }
}

const sorted = (found: Iterable<FoundCause>): FoundCause[] =>
  [...found].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || b.at.getTime() - a.at.getTime());
