import { LOST_AFTER_A_WHILE, NOTHING_SEEN, type TimelineStep } from './cause.js';
import type { StepCause } from './step-cause.js';

/** How a grant's end is told that a disabled skill brought. */
const DISABLED = 'skill disabled';

export const isDisablement = (step: TimelineStep): boolean => step.name === 'grant.revoked' && step.detail === DISABLED;

const refused =
  (...outcomes: readonly string[]) =>
  (step: TimelineStep): string | undefined =>
    step.name === 'skill_event.refused' && outcomes.includes(step.outcome ?? '')
      ? (step.detail ?? step.outcome ?? undefined)
      : undefined;

/** What Alexa itself tells the broker, and what only says that it does. */
export const SKILL_EVENT_CAUSES: readonly StepCause[] = [
  {
    id: 'skill_disabled',
    severity: 'note',
    title: 'The household disabled the skill',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R111', 'R198'],
    remedy:
      'Alexa said so in a signed event, and what had been linked before it was ended. The household enables the skill and links again if it wants it back.',
    shows: (step) => (isDisablement(step) ? 'SkillDisabled came, and the grant is older' : undefined),
  },
  {
    id: 'skill_event_for_another_skill',
    severity: 'oddity',
    title: 'An event was for another skill id than the one configured',
    symptom: NOTHING_SEEN,
    rules: ['R205'],
    remedy:
      'Compare skillId in the config file with the id in the Alexa console, and the address in the manifest’s events with the skill’s client id.',
    shows: refused('other_skill', 'no_skill_id'),
  },
  {
    id: 'skill_event_not_alexas',
    severity: 'oddity',
    title: 'Requests came that say they are Alexa’s events and are not signed by Alexa',
    symptom: NOTHING_SEEN,
    rules: ['R201', 'R202', 'R203'],
    remedy:
      'Nothing was changed by them. Somebody tries, or something between Alexa and the broker changes bodies or leaves out the headers SignatureCertChainUrl and Signature-256: look at the proxy if real events are missing.',
    shows: refused('no_signature', 'certificate_url', 'certificate', 'signature'),
  },
  {
    id: 'skill_event_certificate_away',
    severity: 'oddity',
    title: 'The certificate of Alexa’s events could not be fetched',
    symptom: NOTHING_SEEN,
    rules: ['R202'],
    remedy:
      'The broker has to reach s3.amazonaws.com on port 443 (docs/operations.md). Until then events are answered 503, and Alexa sends them again.',
    shows: refused('unreachable'),
  },
  {
    id: 'skill_event_too_old',
    severity: 'oddity',
    title: 'An event came too late or too early',
    symptom: NOTHING_SEEN,
    rules: ['R204'],
    remedy: 'Look at the clock of the broker’s machine. A single old one can be a repetition of what somebody kept.',
    shows: refused('too_old'),
  },
  {
    id: 'skill_event_token',
    severity: 'oddity',
    title: 'Alexa linked an account with a token that is none of this skill’s',
    symptom: NOTHING_SEEN,
    rules: ['R199'],
    remedy:
      'The evidence says what it was. Without this tie, disabling the skill does not end the link here. Check that the skill’s events lead to the skill that the token was given to.',
    shows: refused('token'),
  },
];
