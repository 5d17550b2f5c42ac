import { IMPLICIT_REDIRECT_HOSTS, REDIRECT_HOSTS } from '../redirect-uris.js';
import { NOTHING_SEEN, STAYS_ON_PAGE, UNABLE_TO_LINK, type CauseFacts, type TimelineStep } from './cause.js';
import { named, type StepCause } from './step-cause.js';

const refusedRedirect = (step: TimelineStep): URL | undefined =>
  step.name === 'authorize.refused' && step.data['registered'] === false && typeof step.data['redirectUri'] === 'string'
    ? (URL.parse(step.data['redirectUri']) ?? undefined)
    : undefined;

const ALEXA_HOSTS: readonly string[] = [...REDIRECT_HOSTS, ...IMPLICIT_REDIRECT_HOSTS];
const isAlexas = (uri: URL): boolean => ALEXA_HOSTS.includes(uri.hostname);

/** Alexa's request is right but for the region: its host is one of Alexa's, and the skill knows the same path elsewhere. */
function otherRegion(step: TimelineStep, { redirectUris }: CauseFacts): string | undefined {
  const uri = refusedRedirect(step);
  if (!uri || !isAlexas(uri)) return undefined;
  const known = redirectUris.map((text) => URL.parse(text)?.pathname).includes(uri.pathname);
  return known
    ? `Alexa asked to come back to ${uri.host}; the skill lists the same path for other regions only`
    : undefined;
}

function otherVendor(step: TimelineStep, facts: CauseFacts): string | undefined {
  const uri = refusedRedirect(step);
  if (!uri || otherRegion(step, facts) !== undefined) return undefined;
  return isAlexas(uri)
    ? `Alexa asked to come back to ${uri.host}${uri.pathname}, which is no redirect URI of this skill`
    : `the request named ${uri.host}, which is none of Alexa's hosts and not registered`;
}

/** The way from Alexa to the page. */
export const AUTHORIZATION_CAUSES: readonly StepCause[] = [
  {
    id: 'redirect_uri_other_region',
    severity: 'failure',
    title: "The redirect URI of another of Alexa's regions is missing",
    symptom: STAYS_ON_PAGE,
    rules: ['R21', 'R22'],
    remedy:
      'Give the skill its vendorId in the configuration, which registers all three regional redirect URIs, or add this one. The region follows the household’s Amazon account.',
    shows: otherRegion,
  },
  {
    id: 'redirect_uri_not_registered',
    severity: 'failure',
    title: 'The redirect URI is not registered for this skill',
    symptom: STAYS_ON_PAGE,
    rules: ['R21', 'R23'],
    remedy:
      'Compare the vendor id in the Alexa console’s redirect URLs with the skill’s vendorId, and that the client id belongs to this skill.',
    shows: otherVendor,
  },
  {
    id: 'authorization_request_refused',
    severity: 'failure',
    title: 'The authorization request is not one of this skill',
    symptom: UNABLE_TO_LINK,
    rules: ['R16', 'R17', 'R19'],
    remedy:
      'Compare scopes, response type and PKCE in the Alexa console’s account linking page with the skill’s configuration.',
    shows: (step) =>
      step.name === 'authorize.refused' && !refusedRedirect(step) ? (step.detail ?? undefined) : undefined,
  },
];

/** The way from the provider back to us, and what a household decides. */
export const WAY_BACK_CAUSES: readonly StepCause[] = [
  {
    id: 'cookie_missing',
    severity: 'failure',
    title: 'The way back from the provider ended in another browser, without our cookie',
    symptom: STAYS_ON_PAGE,
    rules: ['R41'],
    remedy:
      'The sign-in left the Alexa app’s browser: the provider opened its own app or a new window, or cookies are blocked. The page offers to start again in this browser; if it happens to many, ask the provider for a web sign-in without an app switch.',
    shows: (step) =>
      step.name === 'callback.without_cookie'
        ? 'the callback had the right state and no cookie of the attempt'
        : undefined,
  },
  {
    id: 'state_changed',
    severity: 'failure',
    title: 'The provider sent back another state than it was given',
    symptom: STAYS_ON_PAGE,
    rules: ['R27'],
    remedy:
      'Something between the provider and us rewrites the address: a proxy, a link scanner, or the provider itself. The state has to come back unchanged.',
    shows: named('callback.refused', /^no state of ours|^state of another hop|^wrong-state/),
  },
  {
    id: 'callback_too_late',
    severity: 'failure',
    title: 'The household came back after its attempt had ended',
    symptom: STAYS_ON_PAGE,
    rules: ['R31'],
    remedy:
      'Signing in took longer than an hour, or the address was opened again later. The household starts again in the Alexa app.',
    shows: named('callback.refused', /^no such attempt|^missing/),
  },
  {
    id: 'callback_of_another_connector',
    severity: 'failure',
    title: 'The provider came back to the address of another connector',
    symptom: STAYS_ON_PAGE,
    rules: ['R57'],
    remedy:
      'Register exactly this connector’s callback address at the provider; the console and docs/linking.md name it.',
    shows: named('callback.refused', /^path of another connector/),
  },
  {
    id: 'callback_repeated',
    severity: 'oddity',
    title: 'The way back was opened twice',
    symptom: NOTHING_SEEN,
    rules: ['R60'],
    remedy: 'Nothing: the first one counted. Reloading, and apps that look at links, do this.',
    shows: named('callback.repeated'),
  },
  {
    id: 'household_cancelled',
    severity: 'note',
    title: 'The household said no',
    symptom: UNABLE_TO_LINK,
    rules: ['R58'],
    remedy: 'Nothing is wrong: the household cancelled, or declined at the provider.',
    shows: named('link.cancelled'),
  },
  {
    id: 'repair_other_account',
    severity: 'failure',
    title: 'Another account signed in to a repair',
    symptom: STAYS_ON_PAGE,
    rules: ['R89'],
    remedy:
      'A repair renews one account. The household signs out at the provider and opens the repair link again, or links anew in the Alexa app.',
    shows: (step) => (step.name === 'repair.other_account' ? 'the subject is not the one of the link' : undefined),
  },
];
