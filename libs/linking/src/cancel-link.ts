import { buildAuthorizationResponse, supportReference, type AuthorizationRequest } from '@linkbroker/protocol';
import type { Ambient } from './needs.js';

export interface CancelLinkNeeds extends Ambient {
  readonly linkRequests: {
    find(id: string): Promise<{ readonly request: AuthorizationRequest } | undefined>;
    settle(id: string, status: 'cancelled'): Promise<boolean>;
  };
}

/**
 * Ends an attempt at the household's wish and tells Alexa so.
 * @returns the redirect, or undefined when the attempt is over already
 * @see RFC 6749 §4.1.2.1, R58
 */
export async function cancelLink(
  needs: CancelLinkNeeds,
  linkRequestId: string,
  description = 'The household cancelled the link.',
): Promise<string | undefined> {
  const attempt = await needs.linkRequests.find(linkRequestId);
  if (!attempt || !(await needs.linkRequests.settle(linkRequestId, 'cancelled'))) return undefined;
  needs.trace({ name: 'link.cancelled', reference: supportReference(linkRequestId), detail: description });
  const values = { error: 'access_denied', error_description: description };
  return buildAuthorizationResponse(attempt.request.redirectUri, values, attempt.request.state);
}
