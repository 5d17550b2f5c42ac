import type { Deadline, RegisteredClient, TenantId } from '@linkbroker/contracts';
import { parsePresentedToken, sha256, type Parameters } from '@linkbroker/protocol';
import { findPresentedToken, type PresentedToken, type PresentedTokenNeeds } from './find-presented-token.js';

export interface RevokeNeeds extends PresentedTokenNeeds {
  readonly revocations: {
    revoke(
      tenantId: TenantId,
      grant: { skillId: string; grantId: string; secretHash: Buffer; reason: string; now: Date },
      deadline: Deadline,
    ): Promise<boolean>;
    endAccessTokens(
      tenantId: TenantId,
      grant: { skillId: string; grantId: string; accessSecretHash: Buffer; until: Date },
      deadline: Deadline,
    ): Promise<boolean>;
  };
  readonly foreignTokens: PresentedTokenNeeds['foreignTokens'] & {
    endAccess(
      tenantId: TenantId,
      grant: { skillId: string; grantId: string; now: Date },
      deadline: Deadline,
    ): Promise<void>;
  };
}

/**
 * Revokes a token: a refresh token ends its grant, an access token ends the access tokens issued up to it and never
 * the grant. The token of an implicit grant is all there is of it, and ends it. Unknown and foreign tokens are answered like
 * revoked ones.
 * @throws OAuthError `invalid_request`, or `temporarily_unavailable` when it could not look
 * @see RFC 7009 §2, ADR 0021
 */
export async function revokeToken(
  needs: RevokeNeeds,
  client: RegisteredClient,
  body: Parameters,
  deadline: Deadline,
): Promise<{ readonly grantId?: string }> {
  const token = parsePresentedToken(body);
  const { skill } = client;
  const presented = await findPresentedToken(needs, skill, token, deadline);
  if (presented.kind === 'foreign') return {};
  const { grantId } = presented.claims;
  const where = { tenantId: skill.tenantId, skillId: skill.id, grantId, linkId: presented.grant.linkId };
  const secretHash = await grantSecretHash(presented);
  if (secretHash) {
    const reason = `revoked by the ${client.kind} client`;
    const grant = { skillId: skill.id, grantId, secretHash, reason, now: needs.now() };
    const done = await needs.revocations.revoke(skill.tenantId, grant, deadline);
    if (done) needs.trace({ name: 'grant.revoked', ...where, detail: reason });
  } else if (await endAccess(needs, client, presented, deadline)) needs.trace({ name: 'access.ended', ...where });
  return { grantId };
}

/** Ends the access tokens up to the one presented; false where there is nothing of the kind to end. */
async function endAccess(
  needs: RevokeNeeds,
  { skill }: RegisteredClient,
  presented: Exclude<PresentedToken, { kind: 'foreign' }>,
  deadline: Deadline,
): Promise<boolean> {
  if (presented.kind === 'refresh' || presented.kind === 'adopted-refresh') return false;
  const { grantId, issuedAt } = presented.claims;
  if (presented.kind === 'adopted-access') {
    await needs.foreignTokens.endAccess(skill.tenantId, { skillId: skill.id, grantId, now: needs.now() }, deadline);
    return true;
  }
  const accessSecretHash =
    presented.kind === 'access' ? sha256(presented.claims.accessSecret) : presented.grant.accessSecretHash;
  if (!accessSecretHash) return false;
  const grant = { skillId: skill.id, grantId, accessSecretHash, until: new Date(issuedAt) };
  await needs.revocations.endAccessTokens(skill.tenantId, grant, deadline);
  return true;
}

/** By what a token ends its grant; undefined where it does not: an access token beside which there are refresh tokens. */
async function grantSecretHash(presented: PresentedToken): Promise<Buffer | undefined> {
  if (presented.kind === 'refresh') return sha256(presented.claims.grantSecret);
  if (presented.kind === 'adopted-refresh') return sha256(await presented.grantSecret());
  const implicit = presented.kind === 'access' && presented.grant.secretHash === null;
  return implicit ? sha256(presented.claims.accessSecret) : undefined;
}
