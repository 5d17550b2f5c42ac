import type { EnablementStage } from './enablement-order.js';

const ALEXA_APP = 'https://alexa.amazon.com/spa/skill-account-linking-consent';
const LWA = 'https://www.amazon.com/ap/oa';
/** What the household allows an app to do. */
const SCOPE = 'alexa::skills:account_linking';

export interface EnablementStart {
  /** The skill's Alexa client id: the one of the console's permission page. */
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
}

const query = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');

/** The address at which the Alexa app asks a household whether to link. @see R186 */
export function buildAlexaAppUrl({ clientId, redirectUri, state }: EnablementStart, stage: EnablementStage): string {
  const parameters = {
    fragment: 'skill-account-linking-consent',
    client_id: clientId,
    scope: SCOPE,
    skill_stage: stage,
    response_type: 'code',
    redirect_uri: redirectUri,
    state,
  };
  return `${ALEXA_APP}?${query(parameters)}`;
}

/**
 * The page of Login with Amazon that asks the same, for a household without the Alexa app.
 * @param codeChallenge S256 of the verifier that the exchange brings
 * @see R187 R163
 */
export function buildLwaFallbackUrl({ clientId, redirectUri, state }: EnablementStart, codeChallenge: string): string {
  const parameters = {
    client_id: clientId,
    scope: SCOPE,
    response_type: 'code',
    redirect_uri: redirectUri,
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  };
  return `${LWA}?${query(parameters)}`;
}
