/** What the authorization endpoint must know of a skill; the store's richer row satisfies it. */
export interface AuthorizingSkill {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly pkce: 'optional' | 'required';
}

/** `code`: the authorization code grant. `token`: the implicit grant. @see R17 */
export type ResponseType = 'code' | 'token';

/** Validated parameters of one `/oauth/authorize` call. `state` is a byte string (R29). */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly responseType: ResponseType;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly codeChallenge: string | null;
  /** Whether the household's own app sent it, so that the answer says so. @see R181 */
  readonly fromApp?: boolean;
}
