/** A request ready for the wire. GET has no body. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, as far as it matters. */
export interface WireResponse {
  readonly status: number;
  readonly contentType?: string | undefined;
  readonly body: string;
  /** The header as it came. */
  readonly retryAfter?: string | undefined;
}
