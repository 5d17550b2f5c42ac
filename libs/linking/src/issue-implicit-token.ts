import type { Deadline, TenantId } from '@linkbroker/contracts';
import { buildAccessToken, buildAuthorizationResponse, sha256, supportReference, uuidV7 } from '@linkbroker/protocol';
import { UpstreamError } from '@linkbroker/providers';
import type { ClaimedAttempt } from './claim-callback.js';
import { CLIENT_MAX_AGE_MS, type Ambient, type Clients, type MacKeys } from './needs.js';

export interface IssueImplicitTokenNeeds extends Ambient {
  readonly clients: Clients;
  readonly keys: MacKeys;
  readonly links: {
    completeImplicit(
      tenantId: TenantId,
      link: {
        skillId: string;
        connectorId: string;
        subject: string;
        tokenSetId: string;
        newLinkId: string;
        grantId: string;
        accessSecretHash: Buffer;
        signingKeyId: number;
        expiresAt: Date;
        redirectUri: string;
        scopes: readonly string[];
      },
      now: Date,
      deadline: Deadline,
    ): Promise<string | undefined>;
  };
  readonly linkRequests: { settle(id: string, status: 'issued'): Promise<boolean> };
}

const SECRET_BYTES = 16;

/**
 * Finishes a link of the implicit grant whose upstream tokens are stored: the link tied, a grant that is issued and ends with
 * its only token, held revocations of its domain cancelled, and the way back to Alexa with the token in its fragment. The
 * database has nothing that the token could be made of.
 * @returns the redirect
 * @throws UpstreamError `unavailable` while a revocation of the domain is being carried out, `misconfigured` where the skill
 * has lost the implicit grant meanwhile
 * @see RFC 6749 §4.2.2, R119, ADR 0021
 */
export async function issueImplicitToken(
  needs: IssueImplicitTokenNeeds,
  attempt: ClaimedAttempt,
  stored: { readonly subject: string; readonly tokenSetId: string },
  deadline: Deadline,
): Promise<{ location: string; linkId: string; grantId: string }> {
  const { request, tenantId, skillId, hop } = attempt;
  const ttlSeconds = await findTtl(needs, attempt, deadline);
  const now = needs.now();
  const newId = (): string => uuidV7(now, needs.randomBytes(10));
  const accessSecret = needs.randomBytes(SECRET_BYTES);
  const macKeyId = needs.keys.signingKeyId(now);
  const grantId = newId();
  const link = {
    ...{ skillId, connectorId: hop.connectorId, ...stored, newLinkId: newId(), grantId },
    accessSecretHash: sha256(accessSecret),
    signingKeyId: macKeyId,
    expiresAt: new Date(now.getTime() + ttlSeconds * 1_000),
    redirectUri: request.redirectUri,
    scopes: request.scopes,
  };
  const linkId = await needs.links.completeImplicit(tenantId, link, now, deadline);
  if (linkId === undefined) {
    throw new UpstreamError('unavailable', 'an upstream revocation of this account is being carried out');
  }
  const claims = { macKeyId, grantId, accessSecret, issuedAt: now.getTime(), ttlSeconds };
  const location = buildAuthorizationResponse(request, {
    access_token: buildAccessToken(claims, needs.keys.lookup),
    token_type: 'Bearer',
    expires_in: String(ttlSeconds),
  });
  const where = { tenantId, skillId, linkId, grantId, connector: hop.connectorSlug, tokenSetId: stored.tokenSetId };
  const figures = { redirectLength: location.length, expiresIn: ttlSeconds };
  needs.trace({ name: 'token.issued_implicit', reference: supportReference(attempt.id), ...where, figures });
  // The grant is what counts; an attempt that Redis could not mark ends by its expiry, and cannot be claimed again.
  await needs.linkRequests.settle(attempt.id, 'issued').catch(() => false);
  return { location, linkId, grantId };
}

/** Asked for now, not when the attempt began: the tenant's word on how long such a token lives is the newest one. */
async function findTtl(
  needs: IssueImplicitTokenNeeds,
  { request, skillId }: ClaimedAttempt,
  deadline: Deadline,
): Promise<number> {
  const client = await needs.clients.find(request.clientId, CLIENT_MAX_AGE_MS, deadline);
  const ttl = client?.skill.id === skillId ? client.skill.implicitTokenTtl : undefined;
  if (ttl === undefined) throw new UpstreamError('misconfigured', 'the skill may not use the implicit grant any more');
  return ttl;
}
