import { createHash, randomBytes } from 'node:crypto';

export interface AuthorizeRequest {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  readonly state: string;
  readonly responseType: 'code' | 'token';
  readonly codeVerifier?: string | undefined;
  /** Leaves `+`, `/` and `=` of the state as they are, as a capture of 2024 suggests Alexa does (R29). */
  readonly rawState?: boolean | undefined;
}

/** 43 characters, the shortest that RFC 7636 allows. */
export function createCodeVerifier(): string {
  return randomBytes(32).toString('base64url');
}

export function codeChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/**
 * The address that the Alexa app opens: parameters in the order of 2024 (R18), a space in scope as `%20`, no scope at all
 * when the skill has none (R19), PKCE only when it is switched on (R4, R5).
 */
export function buildAuthorizeUrl(brokerUrl: string, request: AuthorizeRequest): string {
  const query = [
    `client_id=${encodeURIComponent(request.clientId)}`,
    `response_type=${request.responseType}`,
    ...(request.scopes.length > 0 ? [`scope=${encodeURIComponent(request.scopes.join(' '))}`] : []),
    `redirect_uri=${encodeURIComponent(request.redirectUri)}`,
    `state=${request.rawState ? request.state : encodeURIComponent(request.state)}`,
  ];
  if (request.codeVerifier !== undefined) {
    query.push(`code_challenge=${codeChallenge(request.codeVerifier)}`, 'code_challenge_method=S256');
  }
  return `${brokerUrl}/oauth/authorize?${query.join('&')}`;
}
