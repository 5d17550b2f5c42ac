/** What a provider gave for one subject, read and bounded. */
export interface UpstreamTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Seconds the access token lives, or null when the provider does not say. */
  readonly expiresIn: number | null;
  /** Granted scopes; what was asked for when the provider does not say. */
  readonly scopes: readonly string[];
  readonly idToken: string | null;
}
