/** An outbound request that policy forbids. Says which rule, never what was to be sent. */
export class EgressRefused extends Error {
  constructor(reason: string) {
    super(`outbound request refused: ${reason}`);
    this.name = 'EgressRefused';
  }
}

/** An outbound request that got no usable answer: unreachable, too slow, or too large. */
export class EgressFailed extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(`outbound request failed: ${reason}`, options);
    this.name = 'EgressFailed';
  }
}
