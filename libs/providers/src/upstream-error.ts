/** Whose fault an upstream failure is, which decides what the household is told. */
export type UpstreamFailure =
  /** The provider cannot be reached or is broken: trying again helps. */
  | 'unavailable'
  /** The provider refuses us or sends what we cannot trust: the tenant must look. */
  | 'misconfigured'
  /** The provider refuses this attempt, or by its own word the credential is dead: starting again helps. */
  | 'rejected';

/** What else is known of a failure. */
export interface UpstreamErrorDetails {
  readonly cause?: unknown;
  /** The provider's error code: words and small numbers, at most 80 characters. */
  readonly code?: string | undefined;
  /** Seconds the provider asks to wait. */
  readonly retryAfterSeconds?: number | undefined;
}

/** An upstream answer that does not lead on. `message` is ours and holds nothing the upstream sent but error codes. */
export class UpstreamError extends Error {
  readonly code: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly failure: UpstreamFailure,
    message: string,
    details: UpstreamErrorDetails = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'UpstreamError';
    this.code = details.code ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}
