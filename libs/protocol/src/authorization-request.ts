/** What the authorization endpoint must know of a skill; the store's richer row satisfies it. */
export interface AuthorizingSkill {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly pkce: 'optional' | 'required';
}

/** Validated parameters of one `/oauth/authorize` call. `state` is a byte string (R29). */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly responseType: 'code';
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly codeChallenge: string | null;
}
