/** Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 8693 §2.2.2, and the retryable one the broker answers when it could not look. */
export type OAuthErrorCode =
  | 'access_denied'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'unsupported_token_type';

export interface OAuthErrorOptions {
  /** HTTP status on machine endpoints; 400 unless the code has its own. */
  status?: number;
  /** Whether the refusal may travel to the client by redirect; false for anything before the redirect URI is trusted. */
  mayRedirect?: boolean;
  /** Seconds for `Retry-After`; only on retryable refusals. */
  retryAfterSeconds?: number;
  /** Further members of the JSON answer. */
  members?: Readonly<Record<string, string>>;
  /** Why, for logs and timelines only: never sent. */
  cause?: unknown;
}

const STATUS: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client: 401,
  server_error: 500,
  temporarily_unavailable: 503,
};

/**
 * A protocol refusal: the public code and description, a private cause, the status, and whether it may be redirected.
 * @see RFC 6749 §5.2, R90–R94
 */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly description: string;
  readonly status: number;
  readonly mayRedirect: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly members: Readonly<Record<string, string>>;

  constructor(code: OAuthErrorCode, description: string, options: OAuthErrorOptions = {}) {
    super(`${code}: ${description}`, { cause: options.cause });
    this.name = 'OAuthError';
    this.code = code;
    this.description = description;
    this.status = options.status ?? STATUS[code] ?? 400;
    this.mayRedirect = options.mayRedirect ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.members = options.members ?? {};
  }
}
