import { buildAuthorizationResponse } from './authorization-response.js';
import type { TokenRequest } from './token-request.js';

/** How a client shows its secret, in the words of Amazon's console. @see R127 */
export type RelayScheme = 'HTTP_BASIC' | 'REQUEST_BODY_CREDENTIALS';

/** Parameters of an authorization request that the relay writes; the other server's address may not have them already. */
export const RELAYED_PARAMETERS = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'code_challenge',
  'code_challenge_method',
  'state',
] as const;

/** What goes on to the other server's authorization endpoint. */
export interface RelayedAuthorization {
  readonly authorizationUrl: string;
  readonly clientId: string;
  /** As Alexa sent it. */
  readonly redirectUri: string;
  /** As Alexa sent it, or null where it sent none. */
  readonly scope: string | null;
  readonly codeChallenge: string | null;
  /** Byte string, or null. */
  readonly state: string | null;
}

/**
 * The address of the other server's authorization endpoint for a checked request; `state` comes through byte for byte.
 * @see RFC 6749 §4.1.1, RFC 7636 §4.3, R29
 */
export function buildRelayedAuthorization(request: RelayedAuthorization): string {
  const { clientId, redirectUri, scope, codeChallenge } = request;
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    ...(scope !== null && { scope }),
    ...(codeChallenge !== null && { code_challenge: codeChallenge, code_challenge_method: 'S256' }),
  };
  const address = {
    redirectUri: new URL(request.authorizationUrl).href,
    responseType: 'code',
    state: request.state,
  } as const;
  return buildAuthorizationResponse(address, parameters);
}

/** Token requests that are relayed: Alexa's two. */
export type RelayedRequest = Extract<TokenRequest, { grantType: 'authorization_code' | 'refresh_token' }>;

/** A request ready for the wire. */
export interface RelayedTokenRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The token request for the other server, with the credentials that it knows. @see RFC 6749 §2.3.1, §4.1.3, §6 */
export function buildRelayedTokenRequest(
  url: string,
  scheme: RelayScheme,
  credentials: { readonly clientId: string; readonly clientSecret: string },
  request: RelayedRequest,
): RelayedTokenRequest {
  const { clientId, clientSecret } = credentials;
  const form = new URLSearchParams({ grant_type: request.grantType, ...parametersOf(request) });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  if (scheme === 'HTTP_BASIC') {
    const pair = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    return { method: 'POST', url, headers: { ...headers, authorization }, body: form.toString() };
  }
  form.set('client_id', clientId);
  form.set('client_secret', clientSecret);
  return { method: 'POST', url, headers, body: form.toString() };
}

const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

function parametersOf(request: RelayedRequest): Record<string, string> {
  if (request.grantType === 'refresh_token') {
    const { refreshToken, scope } = request;
    return { refresh_token: refreshToken, ...(scope !== null && { scope }) };
  }
  const { code, redirectUri, codeVerifier } = request;
  return {
    code,
    ...(redirectUri !== null && { redirect_uri: redirectUri }),
    ...(codeVerifier !== null && { code_verifier: codeVerifier }),
  };
}

/** The code or refresh token of a request. */
export const presentedIn = (request: RelayedRequest): string =>
  request.grantType === 'refresh_token' ? request.refreshToken : request.code;

/**
 * What a repeat has to bring to be given the same answer. A code comes with its redirect URI and verifier: whoever holds
 * somebody's code and not the verifier gets nothing of what the code brought.
 * @see RFC 7636 §1
 */
export function presentationOf(request: RelayedRequest): readonly string[] {
  if (request.grantType === 'refresh_token') return [request.grantType, request.refreshToken];
  const { code, redirectUri, codeVerifier } = request;
  return [request.grantType, code, redirectUri ?? '', codeVerifier ?? ''];
}
