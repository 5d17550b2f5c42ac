import { supportReference } from '@linkbroker/protocol';
import { UpstreamError, type UpstreamFailure } from '@linkbroker/providers';
import type { ClaimedAttempt } from './claim-callback.js';
import type { Ambient } from './needs.js';

export interface FailUpstreamNeeds extends Ambient {
  readonly linkRequests: { settle(id: string, status: 'started'): Promise<boolean> };
}

/** Error codes of a callback that mean the tenant's registration upstream is wrong. @see RFC 6749 §4.1.2.1 */
const OURS = new Set([
  'invalid_request',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'invalid_client',
]);

/** Reads an error the provider put into the callback, after its state has been claimed. Only its code is kept. */
export function readCallbackError(error: string): UpstreamError {
  const code = /^[a-z_]{1,60}$/.test(error) ? error : 'unreadable';
  if (OURS.has(code)) return new UpstreamError('misconfigured', `the provider refused the request: ${code}`);
  const transient = code === 'server_error' || code === 'temporarily_unavailable';
  return new UpstreamError(transient ? 'unavailable' : 'rejected', `the provider sent back: ${code}`);
}

/**
 * Notes why the upstream leg failed and lets the household try again in the same attempt.
 * @returns what to tell it: `unavailable` also for our own trouble
 */
export async function failUpstream(
  needs: FailUpstreamNeeds,
  attempt: ClaimedAttempt,
  error: unknown,
): Promise<UpstreamFailure> {
  const failure = error instanceof UpstreamError ? error.failure : 'unavailable';
  needs.trace({
    // A sealed value that does not open is an incident of ours, not the provider's failure.
    name: error instanceof Error && error.name === 'DecryptionFailed' ? 'incident.decrypt_failed' : 'upstream.failed',
    reference: supportReference(attempt.id),
    tenantId: attempt.tenantId,
    skillId: attempt.skillId,
    connector: attempt.hop.connectorSlug,
    outcome: failure,
    detail: error instanceof Error ? error.message : 'unknown',
  });
  await needs.linkRequests.settle(attempt.id, 'started').catch(() => false);
  return failure;
}
