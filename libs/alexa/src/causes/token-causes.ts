import { LOST_AFTER_A_WHILE, NOTHING_SEEN, UNABLE_TO_LINK } from './cause.js';
import { isDisablement } from './skill-event-causes.js';
import { named, type StepCause } from './step-cause.js';

/** Milliseconds in which Alexa wants an answer (R12). */
const ALEXA_WAITS_MS = 4_500;

/** Alexa at the token endpoint, and our own trouble there. */
export const TOKEN_CAUSES: readonly StepCause[] = [
  {
    id: 'client_secret_of_yesterday',
    severity: 'failure',
    title: 'Alexa came with a client secret that was replaced',
    symptom: UNABLE_TO_LINK,
    rules: ['R66', 'R67'],
    remedy:
      'Enter the current secret in the Alexa console’s account linking page, or put the old one back into clientSecrets while both are in use.',
    shows: (step) =>
      step.name === 'client.refused' && step.outcome === 'old_secret' ? (step.detail ?? undefined) : undefined,
  },
  {
    id: 'client_secret_wrong',
    severity: 'failure',
    title: 'The client secret is wrong or missing',
    symptom: UNABLE_TO_LINK,
    rules: ['R66', 'R67', 'R68'],
    remedy:
      'Compare the secret in the Alexa console (or the skill’s server) with the configuration. Alexa sends it by HTTP Basic or in the body; both work here.',
    shows: (step) =>
      step.name === 'client.refused' && step.outcome !== 'old_secret'
        ? `${step.detail ?? 'the client'}: ${step.outcome === 'no_secret' ? 'came without a secret' : 'came with a wrong secret'}`
        : undefined,
  },
  {
    id: 'code_refused',
    severity: 'failure',
    title: 'The authorization code was not good for this request',
    symptom: UNABLE_TO_LINK,
    rules: ['R63', 'R72'],
    remedy:
      'The evidence says what did not match: another redirect URI, client or code verifier than in the authorization request, or a code older than ten minutes.',
    shows: named('code.refused'),
  },
  {
    id: 'code_replayed',
    severity: 'oddity',
    title: 'An authorization code was presented again',
    symptom: NOTHING_SEEN,
    rules: ['R60'],
    remedy: 'The link is not touched. It happens when an answer was lost on its way to Alexa.',
    shows: named('code.replayed'),
  },
  {
    id: 'slow_answer',
    severity: 'failure',
    title: 'An answer to Alexa took longer than it waits',
    symptom: UNABLE_TO_LINK,
    rules: ['R12'],
    remedy: 'Look at the load of the broker and its database at that time (docs/operations.md).',
    shows: (step) =>
      step.name === 'token.answered' && (step.ms ?? 0) > ALEXA_WAITS_MS
        ? `${String(Math.round(step.ms ?? 0))} ms`
        : undefined,
  },
  {
    id: 'answered_unavailable',
    severity: 'oddity',
    title: 'A token request was answered with 503',
    symptom: UNABLE_TO_LINK,
    rules: ['R94'],
    remedy:
      'Something could not be looked at, so nothing was refused: Alexa comes again. Look for an error in the broker’s log at that time.',
    shows: (step) => (step.name === 'token.answered' && step.status === 503 ? 'status 503' : undefined),
  },
  {
    id: 'old_refresh_token',
    severity: 'oddity',
    title: 'Alexa came with an older refresh token',
    symptom: NOTHING_SEEN,
    rules: ['R100', 'R104', 'R108'],
    remedy: 'Nothing: an answer of ours was lost and Alexa got the same tokens again.',
    shows: (step) =>
      step.name === 'grant.replayed'
        ? `generation ${String(step.figures['presented'])} of ${String(step.figures['row'])}`
        : undefined,
  },
  {
    id: 'refresh_token_too_old',
    severity: 'failure',
    title: 'Alexa came with a refresh token older than the skill keeps',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R98', 'R101'],
    remedy: 'Set refreshKeep to all, the default: Alexa may be far behind after trouble on its side.',
    shows: (step) =>
      step.name === 'grant.too_old'
        ? `${String(step.figures['behind'])} behind, ${String(step.figures['keep'])} kept`
        : undefined,
  },
  {
    id: 'grant_revoked',
    severity: 'note',
    title: 'The grant was revoked',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R93'],
    remedy: 'Somebody asked for it: the evidence says how. The household links again if it did not want that.',
    shows: (step) => (isDisablement(step) ? undefined : named('grant.revoked')(step)),
  },
  {
    id: 'revoked_grant_used',
    severity: 'note',
    title: 'Alexa refreshed with a grant that had been revoked',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R93'],
    remedy: 'This is how Alexa learns of it; the household is asked to link again.',
    shows: named('grant.refused'),
  },
  {
    id: 'database_lost_writes',
    severity: 'failure',
    title: 'The database has lost writes',
    symptom: NOTHING_SEEN,
    rules: ['R108'],
    remedy:
      'A token ahead of its row, or without one, means a restore or a failover that lost data. Households whose row is there stay linked; see docs/reliability.md.',
    shows: (step) => (/^incident\.grant_/.test(step.name) ? (step.detail ?? step.name) : undefined),
  },
  {
    id: 'key_missing',
    severity: 'failure',
    title: 'A key of ours is missing',
    symptom: UNABLE_TO_LINK,
    rules: ['R94'],
    remedy:
      'Start the broker with every master key that is in use (docs/keys.md). Until then the answer is 503 and no link is lost.',
    shows: (step) => (/^incident\.(?:unknown_mac_key|decrypt_failed)$/.test(step.name) ? step.name : undefined),
  },
  {
    id: 'token_not_stored',
    severity: 'failure',
    title: 'A new token of the provider could not be stored at once',
    symptom: NOTHING_SEEN,
    rules: ['R108'],
    remedy:
      'It waits in a second place and is stored by itself when the database takes it; see docs/reliability.md if the evidence says "nowhere".',
    shows: named('incident.token_not_stored'),
  },
];

/** Alexa's permission for events. */
export const ACCEPT_GRANT_CAUSES: readonly StepCause[] = [
  {
    id: 'accept_grant_failed',
    severity: 'failure',
    title: 'AcceptGrant did not lead to tokens for events',
    symptom: UNABLE_TO_LINK,
    rules: ['R148', 'R152', 'R153'],
    remedy:
      'The evidence says what Login with Amazon or the directive lacked. Compare the skill’s events: clientId and clientSecret with Alexa’s permissions page; linking works with "Send Alexa Events" off until then.',
    shows: named('accept_grant.failed'),
  },
];

/** The existing server that a relay stands before. */
export const RELAY_CAUSES: readonly StepCause[] = [
  {
    id: 'existing_server_failed',
    severity: 'failure',
    title: 'The existing server behind the relay did not give tokens',
    symptom: UNABLE_TO_LINK,
    rules: ['R12', 'R94'],
    remedy:
      'The evidence says what it did. Alexa was told to come again. The link lives on unless that server spent the token and nobody heard its answer.',
    shows: named('relay.failed'),
  },
  {
    id: 'existing_server_refused',
    severity: 'failure',
    title: 'The existing server behind the relay refused the code or refresh token',
    symptom: LOST_AFTER_A_WHILE,
    rules: ['R93', 'R102'],
    remedy:
      'Its own verdict was passed on. If it rotates refresh tokens, look for its reuse detection and token lifetimes.',
    shows: named('relay.refused'),
  },
  {
    id: 'existing_server_repaired',
    severity: 'oddity',
    title: 'An answer of the existing server was repaired for Alexa',
    symptom: NOTHING_SEEN,
    rules: ['R74', 'R75', 'R76', 'R80', 'R83'],
    remedy: 'Without the relay, linking would fail here. The evidence names what its server should change.',
    shows: named('relay.repaired'),
  },
];
