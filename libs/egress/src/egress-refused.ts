/** An outbound request that policy forbids. Says which rule, never what was to be sent. Nothing was sent. */
export class EgressRefused extends Error {
  constructor(reason: string) {
    super(`outbound request refused: ${reason}`);
    this.name = 'EgressRefused';
  }
}

/** An outbound request that got no usable answer: unreachable, too slow, or too large. Says the host and the reason. */
export class EgressFailed extends Error {
  /**
   * False only when it is certain that nothing of the request reached the far end; true when it did or may have. Who
   * spends something by asking, such as a single-use refresh token, may ask again only after false.
   */
  readonly sent: boolean;

  constructor(reason: string, { cause, sent = true }: { cause?: unknown; sent?: boolean } = {}) {
    super(`outbound request failed: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'EgressFailed';
    this.sent = sent;
  }
}
