import type { TenantId } from '@linkbroker/contracts';
import { buildAuthorizationResponse, supportReference, type AuthorizationRequest } from '@linkbroker/protocol';
import { hashBrowserSecret } from './continue-link.js';
import type { Ambient } from './needs.js';

export interface CancelLinkNeeds extends Ambient {
  readonly linkRequests: {
    find(
      id: string,
    ): Promise<
      { readonly tenantId: TenantId; readonly skillId: string; readonly request: AuthorizationRequest } | undefined
    >;
    cancel(id: string, browserHash: string): Promise<'cancelled' | 'finished' | 'other-browser'>;
  };
}

export type CancelResult =
  | { readonly kind: 'cancelled'; readonly location: string }
  | { readonly kind: 'stop'; readonly stop: 'finished' | 'other-browser' };

/**
 * Ends an attempt at the household's wish and tells Alexa so. An attempt that is bound is its browser's alone: others may
 * know its id (R34a), and the way back holds the state.
 * @see RFC 6749 §4.1.2.1, R58
 */
export async function cancelLink(
  needs: CancelLinkNeeds,
  linkRequestId: string,
  browserSecret: string | undefined,
  description = 'The household cancelled the link.',
): Promise<CancelResult> {
  const attempt = await needs.linkRequests.find(linkRequestId);
  if (!attempt) return { kind: 'stop', stop: 'finished' };
  const browserHash = browserSecret === undefined ? '' : hashBrowserSecret(browserSecret);
  const outcome = await needs.linkRequests.cancel(linkRequestId, browserHash);
  if (outcome !== 'cancelled') return { kind: 'stop', stop: outcome };
  const { tenantId, skillId } = attempt;
  needs.trace({
    name: 'link.cancelled',
    reference: supportReference(linkRequestId),
    tenantId,
    skillId,
    detail: description,
  });
  const values = { error: 'access_denied', error_description: description };
  const location = buildAuthorizationResponse(attempt.request, values);
  return { kind: 'cancelled', location };
}
