import type { EnablementStage } from './enablement-order.js';

export interface EnablementRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The scheme has a capital letter: Amazon answers 400 to another. @see R194 */
const bearer = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
  accept: 'application/json',
});

/** Asks where a household's requests go. @param api Alexa's address in any region, without a slash at its end @see R193 */
export const buildEndpointDiscovery = (api: string, token: string): EnablementRequest => ({
  method: 'GET',
  url: `${api}/v1/alexaApiEndpoint`,
  headers: bearer(token),
});

const enablementUrl = (api: string, skillId: string): string =>
  `${api}/v1/users/~current/skills/${encodeURIComponent(skillId)}/enablement`;

/** What Alexa redeems, at our token endpoint, with this very redirect URI. @see R191 */
export interface AccountToLink {
  readonly stage: EnablementStage;
  readonly redirectUri: string;
  readonly authCode: string;
}

/** Enables a skill for a household and links it. @see R190 */
export const buildEnablement = (
  api: string,
  skillId: string,
  token: string,
  { stage, redirectUri, authCode }: AccountToLink,
): EnablementRequest => ({
  method: 'POST',
  url: enablementUrl(api, skillId),
  headers: { ...bearer(token), 'content-type': 'application/json' },
  body: JSON.stringify({ stage, accountLinkRequest: { redirectUri, authCode, type: 'AUTH_CODE' } }),
});

/** Asks for the state of a skill, or disables it. @see R192 */
export const buildEnablementCall = (
  method: 'GET' | 'DELETE',
  api: string,
  skillId: string,
  token: string,
): EnablementRequest => ({ method, url: enablementUrl(api, skillId), headers: bearer(token) });
