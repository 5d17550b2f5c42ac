import { ALEXA_LIMITS } from '@linkbroker/alexa';
import type { TenantId } from '@linkbroker/contracts';
import { supportReference, type AuthorizationRequest } from '@linkbroker/protocol';
import type { Ambient } from './needs.js';
import type { RepairTarget } from './repair-link.js';

interface Origin {
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly request: AuthorizationRequest;
  readonly repair?: RepairTarget;
}

export interface RestartLinkNeeds extends Ambient {
  readonly linkRequests: {
    find(id: string): Promise<(Origin & { readonly status: string }) | undefined>;
    create(id: string, origin: Origin, ttlSeconds: number): Promise<void>;
  };
}

/**
 * Begins the same authorization request anew, unbound, for a browser that lost its cookie. The first attempt stays with
 * the browser it is bound to. Alexa's own state is not renewed by this, so the new attempt may outlive it; Alexa then
 * says so.
 * @returns the new attempt's id, or undefined when the old one is over
 */
export async function restartLink(needs: RestartLinkNeeds, linkRequestId: string): Promise<string | undefined> {
  const old = await needs.linkRequests.find(linkRequestId);
  if (!old || old.status === 'issued' || old.status === 'cancelled') return undefined;
  const id = needs.randomBytes(16).toString('base64url');
  const { tenantId, skillId, request, repair } = old;
  const origin: Origin = { tenantId, skillId, request, ...(repair && { repair }) };
  await needs.linkRequests.create(id, origin, ALEXA_LIMITS.linkAttemptTtl);
  const detail = `restarted from ${supportReference(linkRequestId)}`;
  needs.trace({ name: 'authorize.started', reference: supportReference(id), tenantId, skillId, detail });
  return id;
}
