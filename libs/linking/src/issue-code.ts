import type { Deadline, TenantId } from '@linkbroker/contracts';
import { buildAuthorizationResponse, supportReference, uuidV7 } from '@linkbroker/protocol';
import { UpstreamError } from '@linkbroker/providers';
import type { ClaimedAttempt } from './claim-callback.js';
import type { Ambient } from './needs.js';
import { newCode } from './new-code.js';

export interface IssueCodeNeeds extends Ambient {
  readonly links: {
    complete(
      tenantId: TenantId,
      link: {
        skillId: string;
        connectorId: string;
        subject: string;
        tokenSetId: string;
        newLinkId: string;
        grantId: string;
        codeHash: Buffer;
        codeExpiresAt: Date;
        redirectUri: string;
        codeChallenge: string | null;
        scopes: readonly string[];
      },
      now: Date,
      deadline: Deadline,
    ): Promise<string | undefined>;
  };
  readonly linkRequests: { settle(id: string, status: 'issued'): Promise<boolean> };
}

/**
 * Finishes a link whose upstream tokens are stored: the link tied, a pending grant with its code, held revocations of its
 * domain cancelled, and the way back to Alexa. Everything Alexa's token request will need is in our database after this
 * (R13).
 * @returns the redirect
 * @throws UpstreamError `unavailable` while a revocation of the domain is being carried out
 */
export async function issueCode(
  needs: IssueCodeNeeds,
  attempt: ClaimedAttempt,
  stored: { readonly subject: string; readonly tokenSetId: string },
  deadline: Deadline,
): Promise<{ location: string; linkId: string; grantId: string }> {
  const now = needs.now();
  const newId = (): string => uuidV7(now, needs.randomBytes(10));
  const { code, ...fresh } = newCode(needs, now);
  const grantId = newId();
  const link = {
    skillId: attempt.skillId,
    connectorId: attempt.hop.connectorId,
    subject: stored.subject,
    tokenSetId: stored.tokenSetId,
    newLinkId: newId(),
    grantId,
    ...fresh,
    redirectUri: attempt.request.redirectUri,
    codeChallenge: attempt.request.codeChallenge,
    scopes: attempt.request.scopes,
  };
  const linkId = await needs.links.complete(attempt.tenantId, link, now, deadline);
  if (linkId === undefined) {
    throw new UpstreamError('unavailable', 'an upstream revocation of this account is being carried out');
  }
  const where = {
    tenantId: attempt.tenantId,
    skillId: attempt.skillId,
    linkId,
    grantId,
    connector: attempt.hop.connectorSlug,
  };
  const location = buildAuthorizationResponse(attempt.request, { code });
  const figures = { redirectLength: location.length };
  needs.trace({
    name: 'code.issued',
    reference: supportReference(attempt.id),
    ...where,
    tokenSetId: stored.tokenSetId,
    figures,
  });
  // The grant is what counts; an attempt that Redis could not mark ends by its expiry, and cannot be claimed again.
  await needs.linkRequests.settle(attempt.id, 'issued').catch(() => false);
  return { location, linkId, grantId };
}
