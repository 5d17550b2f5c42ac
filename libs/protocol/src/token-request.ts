import { OAuthError } from './oauth-error.js';
import { malformedParameters, parameter, repeatedParameters, type Parameters } from './parameters.js';
import { isCodeVerifier } from './pkce.js';

/** What a client presents at the token endpoint, after client authentication. */
export type TokenRequest =
  | {
      readonly grantType: 'authorization_code';
      readonly code: string;
      readonly redirectUri: string | null;
      readonly codeVerifier: string | null;
    }
  | { readonly grantType: 'refresh_token'; readonly refreshToken: string; readonly scope: string | null }
  | TokenExchangeRequest;

/** A token exchange: the access token that Alexa sent, for the upstream's. @see RFC 8693 §2.1 */
export interface TokenExchangeRequest {
  readonly grantType: typeof TOKEN_EXCHANGE;
  readonly subjectToken: string;
}

/** The grant type of RFC 8693. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

const NAMES = [
  'grant_type',
  'code',
  'redirect_uri',
  'code_verifier',
  'refresh_token',
  'scope',
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'client_id',
  'client_secret',
];

/** Characters of the longest credential worth reading where nothing else is said. */
const MAX_CREDENTIAL_LENGTH = 4096;

const refuse = (description: string): OAuthError => new OAuthError('invalid_request', description);

/**
 * Reads the parameters of a token request. Unknown parameters are ignored.
 * @param longest characters of a code or token worth reading; the broker's own are far shorter
 * @throws OAuthError `invalid_request` or `unsupported_grant_type`
 * @see RFC 6749 §4.1.3, §6, R65–R71, R95
 */
export function parseTokenRequest(body: Parameters, longest = MAX_CREDENTIAL_LENGTH): TokenRequest {
  const [repeated] = repeatedParameters(body, NAMES);
  if (repeated) throw refuse(`${repeated} is given more than once.`);
  const [malformed] = malformedParameters(body, NAMES);
  if (malformed) throw refuse(`${malformed} cannot be decoded.`);
  const grantType = parameter(body, 'grant_type');
  if (grantType === undefined) throw refuse('grant_type is missing.');
  if (grantType === 'authorization_code') return parseCodeRequest(body, longest);
  if (grantType === 'refresh_token') return parseRefreshRequest(body, longest);
  if (grantType === TOKEN_EXCHANGE) return parseExchangeRequest(body);
  throw new OAuthError('unsupported_grant_type', 'grant_type is not one this server knows.');
}

function credential(body: Parameters, name: string, longest = MAX_CREDENTIAL_LENGTH): string {
  const value = parameter(body, name);
  if (value === undefined) throw refuse(`${name} is missing.`);
  if (value.length > longest) throw refuse(`${name} is too long.`);
  return value;
}

function parseCodeRequest(body: Parameters, longest: number): TokenRequest {
  const codeVerifier = parameter(body, 'code_verifier') ?? null;
  if (parameter(body, 'redirect_uri')?.includes('\0')) throw refuse('redirect_uri is malformed.');
  if (codeVerifier !== null && !isCodeVerifier(codeVerifier)) throw refuse('code_verifier is malformed.');
  return {
    grantType: 'authorization_code',
    code: credential(body, 'code', longest),
    redirectUri: parameter(body, 'redirect_uri') ?? null,
    codeVerifier,
  };
}

function parseRefreshRequest(body: Parameters, longest: number): TokenRequest {
  return {
    grantType: 'refresh_token',
    refreshToken: credential(body, 'refresh_token', longest),
    scope: parameter(body, 'scope') ?? null,
  };
}

function parseExchangeRequest(body: Parameters): TokenRequest {
  if (parameter(body, 'subject_token_type') !== ACCESS_TOKEN_TYPE) {
    throw refuse(`subject_token_type must be ${ACCESS_TOKEN_TYPE}.`);
  }
  const requested = parameter(body, 'requested_token_type') ?? ACCESS_TOKEN_TYPE;
  if (requested !== ACCESS_TOKEN_TYPE) throw refuse('requested_token_type is not one this server issues.');
  if (parameter(body, 'actor_token') !== undefined) throw refuse('actor_token is not supported.');
  if (parameter(body, 'audience') !== undefined || parameter(body, 'resource') !== undefined) {
    throw new OAuthError('invalid_target', 'The upstream token is for the upstream; no other target can be asked for.');
  }
  return { grantType: TOKEN_EXCHANGE, subjectToken: credential(body, 'subject_token') };
}

/** The `token` of a revocation or introspection request. @see RFC 7009 §2.1, RFC 7662 §2.1 */
export function parsePresentedToken(body: Parameters): string {
  const [repeated] = repeatedParameters(body, ['token', 'token_type_hint', 'client_id', 'client_secret']);
  if (repeated) throw refuse(`${repeated} is given more than once.`);
  return credential(body, 'token');
}
