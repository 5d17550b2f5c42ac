import { LOST_AFTER_A_WHILE, NOTHING_SEEN, STAYS_ON_PAGE, type TimelineStep } from './cause.js';
import { named, type StepCause } from './step-cause.js';

const upstreamError = (step: TimelineStep, outcome: string, detail?: RegExp): string | undefined =>
  step.name === 'upstream.failed' && step.outcome === outcome && (!detail || detail.test(step.detail ?? ''))
    ? `${step.connector ?? 'the provider'}: ${step.detail ?? outcome}`
    : undefined;

const INVALID_CLIENT = /invalid_client|unauthorized_client|client (?:authentication|secret)/i;

/** The provider, when a household signs in and afterwards. */
export const PROVIDER_CAUSES: readonly StepCause[] = [
  {
    id: 'provider_refuses_our_client',
    severity: 'failure',
    title: 'The provider refuses the connector’s client id or secret',
    symptom: STAYS_ON_PAGE,
    rules: ['R68'],
    remedy:
      'Enter the provider’s current client secret in the connector; it has expired or been replaced there. No link dies of this.',
    shows: (step) => upstreamError(step, 'misconfigured', INVALID_CLIENT),
  },
  {
    id: 'connector_misconfigured',
    severity: 'failure',
    title: 'The connector is not set up as the provider wants it',
    symptom: STAYS_ON_PAGE,
    rules: ['R89'],
    remedy:
      'The evidence names what the provider said. Compare issuer, endpoints, scopes and the callback address with its documentation.',
    shows: (step) =>
      upstreamError(step, 'misconfigured', INVALID_CLIENT) === undefined
        ? upstreamError(step, 'misconfigured')
        : undefined,
  },
  {
    id: 'provider_away',
    severity: 'failure',
    title: 'The provider did not answer, or only with an error of its own',
    symptom: STAYS_ON_PAGE,
    rules: ['R13'],
    remedy:
      'Nothing to repair here: the household was asked to try again. Look at the provider’s status page if it goes on.',
    shows: (step) => upstreamError(step, 'unavailable'),
  },
  {
    id: 'provider_refused_sign_in',
    severity: 'failure',
    title: 'The provider refused the sign-in',
    symptom: STAYS_ON_PAGE,
    rules: ['R39'],
    remedy:
      'The evidence names the provider’s code. Often the account may not use this application, or the code was used already.',
    shows: (step) => upstreamError(step, 'rejected'),
  },
  {
    id: 'no_upstream_refresh_token',
    severity: 'failure',
    title: 'The provider gave no refresh token',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R78', 'R207'],
    remedy:
      'Google gives one only at the first consent and with access_type=offline: the broker asks for consent again where that brings one. If it still comes without, the household removes the application from its account at the provider and links again; elsewhere ask for the scope offline_access.',
    shows: (step) =>
      step.name === 'upstream.no_refresh_token'
        ? `${step.connector ?? 'the provider'} answered without one`
        : undefined,
  },
  {
    id: 'upstream_refresh_failed',
    severity: 'oddity',
    title: 'A refresh at the provider failed',
    symptom: NOTHING_SEEN,
    rules: ['R94'],
    remedy: 'It is tried again by itself; Alexa’s link is not touched.',
    shows: named('upstream.refresh_failed'),
  },
  {
    id: 'upstream_attempt_lost',
    severity: 'oddity',
    title: 'A process died while it refreshed at the provider',
    symptom: NOTHING_SEEN,
    rules: ['R108'],
    remedy: 'The token is presented once more, as late as the access token allows. Look for restarts at that time.',
    shows: named('upstream.attempt_lost'),
  },
  {
    id: 'sign_in_at_risk',
    severity: 'failure',
    title: 'The sign-in at the provider is about to be lost',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R93'],
    remedy: 'Send the household its repair link (npm run links -- repair); Alexa’s link stays as it is.',
    shows: named('upstream.at_risk'),
  },
  {
    id: 'sign_in_dead',
    severity: 'failure',
    title: 'The provider has ended the sign-in',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R93', 'R94'],
    remedy:
      'The household changed its password there, removed the application, or its token ran out. It links again in the Alexa app.',
    shows: named('upstream.dead'),
  },
  {
    id: 'connector_parked',
    severity: 'failure',
    title: 'The connector is parked: nothing is refreshed until it is mended',
    symptom: NOTHING_SEEN,
    rules: ['R94'],
    remedy:
      'The evidence says why. Mend the connector’s client secret, or wait until the provider works again; no link dies meanwhile.',
    shows: named('connector.parked'),
  },
];
