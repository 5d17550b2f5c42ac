/** What a provider gave for one subject, read and bounded. */
export interface UpstreamTokens {
  readonly accessToken: string;
  /** Null when the answer has none; after a refresh the one before stays in use then. */
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** Seconds the access token lives, read or assumed; null when the provider does not say and nothing is assumed. */
  readonly expiresIn: number | null;
  /** Seconds the refresh token of this answer lives, or null. */
  readonly refreshExpiresIn: number | null;
  /** Granted scopes; what was asked for when the provider does not say. */
  readonly scopes: readonly string[];
  /** The parsed answer, for an identity that stands in it. Never stored, never logged. */
  readonly answer: unknown;
}
