import type { AuthorizationRequest, AuthorizingSkill, ResponseType } from './authorization-request.js';
import type { AnswerAddress } from './authorization-response.js';
import { OAuthError } from './oauth-error.js';
import { malformedParameters, parameter, repeatedParameters, type Parameters } from './parameters.js';
import { decodePercent } from './percent-encoding.js';
import { isCodeChallenge } from './pkce.js';
import { parseScope } from './scope.js';

/** Longest `state` accepted, in characters; Amazon's have been seen at 1,108 (R28). */
export const MAX_STATE_LENGTH = 4096;

const BEFORE_TRUST = ['client_id', 'redirect_uri'] as const;
const AFTER_TRUST = ['response_type', 'scope', 'state', 'code_challenge', 'code_challenge_method'] as const;

interface Subject {
  readonly parameters: Parameters;
  readonly skill: AuthorizingSkill | undefined;
}
type Check = (subject: Subject) => void;

const refuse = (description: string): OAuthError => new OAuthError('invalid_request', description);
const refuseByRedirect = (
  code: 'invalid_request' | 'invalid_scope' | 'unsupported_response_type' | 'unauthorized_client',
  description: string,
): OAuthError => new OAuthError(code, description, { mayRedirect: true });

/** One `client_id` and one `redirect_uri`, or nobody can be trusted with a redirect. */
const checkTargetOnce: Check = ({ parameters }) => {
  const [repeated] = repeatedParameters(parameters, BEFORE_TRUST);
  if (repeated) throw refuse(`${repeated} is given more than once.`);
};

/** The client is registered. @see RFC 6749 §4.1.2.1 */
const checkClient: Check = ({ skill }) => {
  if (!skill) throw refuse('client_id is missing or not registered here.');
};

/** The redirect URI is one of the skill's, byte for byte. @see R23, RFC 9700 §2.1 */
const checkRedirectUri: Check = ({ parameters, skill }) => {
  const presented = parameter(parameters, 'redirect_uri');
  if (presented === undefined || !skill?.redirectUris.includes(presented)) {
    throw refuse('redirect_uri is missing or not registered for this client.');
  }
};

/** No parameter twice, none undecodable; unknown ones are ignored. @see R33 */
const checkParametersOnce: Check = ({ parameters }) => {
  const [repeated] = repeatedParameters(parameters, AFTER_TRUST);
  if (repeated) throw refuseByRedirect('invalid_request', `${repeated} is given more than once.`);
  const [malformed] = malformedParameters(
    parameters,
    AFTER_TRUST.filter((name) => name !== 'state'),
  );
  if (malformed) throw refuseByRedirect('invalid_request', `${malformed} cannot be decoded.`);
};

/** `state` fits; it is opaque otherwise. @see R28 */
const checkState: Check = ({ parameters }) => {
  const raw = parameters.get('state')?.[0] ?? '';
  if (decodePercent(raw).length > MAX_STATE_LENGTH) throw refuseByRedirect('invalid_request', 'state is too long.');
};

/** `response_type` is present and one we serve. @see R17 */
const checkResponseType: Check = ({ parameters }) => {
  const responseType = parameter(parameters, 'response_type');
  if (responseType === undefined) throw refuseByRedirect('invalid_request', 'response_type is missing.');
  if (responseType !== 'code' && responseType !== 'token') {
    throw refuseByRedirect('unsupported_response_type', 'response_type must be code or token.');
  }
};

/** The skill may use the grant behind the response type. @see RFC 6749 §4.1.2.1, §4.2.2.1 */
const checkGrantAllowed: Check = ({ parameters, skill }) => {
  const implicit = parameter(parameters, 'response_type') === 'token';
  if (skill?.grantTypes.includes(implicit ? 'implicit' : 'authorization_code')) return;
  const grant = implicit ? 'implicit' : 'authorization code';
  throw refuseByRedirect('unauthorized_client', `This client may not use the ${grant} grant.`);
};

/** Every scope asked for is one the skill may have. @see RFC 6749 §3.3 */
const checkScope: Check = ({ parameters, skill }) => {
  const tokens = parseScope(parameter(parameters, 'scope') ?? '');
  if (!tokens?.every((token) => skill?.scopes.includes(token))) {
    throw refuseByRedirect('invalid_scope', 'scope asks for something this client may not have.');
  }
};

/**
 * S256 or nothing; nothing only where the skill's policy allows it. A request for a token has no code to be proved, so that
 * whatever it says of one is ignored.
 * @see R4, R5, R180, RFC 7636 §4.4.1
 */
const checkPkce: Check = ({ parameters, skill }) => {
  if (parameter(parameters, 'response_type') === 'token') return;
  const challenge = parameter(parameters, 'code_challenge');
  const method = parameter(parameters, 'code_challenge_method');
  if (challenge === undefined) {
    if (method !== undefined) throw refuseByRedirect('invalid_request', 'code_challenge is missing.');
    if (skill?.pkce === 'required') throw refuseByRedirect('invalid_request', 'code_challenge is required.');
    return;
  }
  if (method !== 'S256') throw refuseByRedirect('invalid_request', 'code_challenge_method must be S256.');
  if (!isCodeChallenge(challenge)) throw refuseByRedirect('invalid_request', 'code_challenge is malformed.');
};

/** In order: whatever stands before the redirect URI is trusted is answered with a page, the rest by redirect. */
const CHECKS: readonly Check[] = [
  checkTargetOnce,
  checkClient,
  checkRedirectUri,
  checkParametersOnce,
  checkState,
  checkResponseType,
  checkGrantAllowed,
  checkScope,
  checkPkce,
];

/**
 * Validates an authorization request.
 * @param parameters the raw query
 * @param skill the registered skill behind `client_id`, if there is one
 * @throws OAuthError with `mayRedirect` telling whether client and redirect URI had been verified
 * @see RFC 6749 §4.1.1
 */
export function checkAuthorizationRequest(
  parameters: Parameters,
  skill: AuthorizingSkill | undefined,
): AuthorizationRequest {
  for (const check of CHECKS) check({ parameters, skill });
  const asked = parseScope(parameter(parameters, 'scope') ?? '') ?? [];
  const address = readAnswerAddress(parameters);
  return {
    clientId: skill?.clientId ?? '',
    ...address,
    scopes: asked.length > 0 ? asked : (skill?.scopes ?? []),
    codeChallenge: address.responseType === 'token' ? null : (parameter(parameters, 'code_challenge') ?? null),
  };
}

/**
 * Where to answer a request whose redirect URI is trusted, refused or not. A fragment only for the one request that asks
 * for a token; `source=app` where the request says so, and says it once.
 * @see RFC 6749 §4.2.2.1, R181, R182
 */
export function readAnswerAddress(parameters: Parameters): AnswerAddress {
  const fromApp = parameter(parameters, 'source') === 'app' && parameters.get('source')?.length === 1;
  return {
    redirectUri: parameter(parameters, 'redirect_uri') ?? '',
    responseType: readResponseType(parameters),
    state: readState(parameters),
    ...(fromApp && { fromApp }),
  };
}

const readResponseType = (parameters: Parameters): ResponseType => {
  const isToken = parameter(parameters, 'response_type') === 'token' && parameters.get('response_type')?.length === 1;
  return isToken ? 'token' : 'code';
};

/** The state to send back with a refusal that may be redirected: the first one given. @see R58 */
export function readState(parameters: Parameters): string | null {
  const raw = parameters.get('state')?.[0];
  return raw === undefined ? null : decodePercent(raw);
}
