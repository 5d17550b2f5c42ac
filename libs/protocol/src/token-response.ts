/** The one shape of a successful token answer, on exchange and on refresh alike. @see R74–R84, RFC 6749 §5.1 */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Whole seconds, at least 360 (R80). */
  readonly expires_in: number;
  readonly refresh_token: string;
  /** Only where it differs from what was asked for (R88). */
  readonly scope?: string;
}

/** What a token exchange answers: the upstream's access token. @see RFC 8693 §2.2.1 */
export interface TokenExchangeResponse {
  readonly access_token: string;
  readonly issued_token_type: 'urn:ietf:params:oauth:token-type:access_token';
  readonly token_type: 'Bearer';
  /** Whole seconds of life left. */
  readonly expires_in: number;
  /** What the provider granted, where it said so. */
  readonly scope?: string;
  /** The provider refuses to renew this token; at `repair_uri` the household signs in again. */
  readonly link_state?: 'at_risk';
  readonly repair_uri?: string;
}

/** RFC 7662 §2.2; an inactive token says nothing else. */
export type IntrospectionResponse =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly client_id: string;
      readonly sub: string;
      readonly scope: string;
      /** Seconds since the epoch; absent for refresh tokens, which do not expire by time. */
      readonly exp?: number;
      readonly token_type: 'Bearer' | 'refresh_token';
    };
