/** Whose fault an upstream failure is, which decides what the household is told. */
export type UpstreamFailure =
  /** The provider cannot be reached or is broken: trying again helps. */
  | 'unavailable'
  /** The provider refuses us or sends what we cannot trust: the tenant must look. */
  | 'misconfigured'
  /** The provider refuses this attempt: starting again helps. */
  | 'rejected';

/** An upstream answer that does not lead on. `message` is ours and holds nothing the upstream sent but error codes. */
export class UpstreamError extends Error {
  constructor(
    readonly failure: UpstreamFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'UpstreamError';
  }
}
