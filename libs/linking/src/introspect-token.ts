import type { Deadline, RegisteredClient } from '@linkbroker/contracts';
import {
  accessTokenExpiry,
  agedGeneration,
  parsePresentedToken,
  type IntrospectionResponse,
  type Parameters,
} from '@linkbroker/protocol';
import { findPresentedToken, type PresentedToken, type PresentedTokenNeeds } from './find-presented-token.js';

/**
 * Tells an authenticated client of the skill what a token is worth; somebody else's token is merely inactive.
 * @throws OAuthError `invalid_request`, or `temporarily_unavailable` when it could not look
 * @see RFC 7662 §2
 */
export async function introspectToken(
  needs: PresentedTokenNeeds,
  client: RegisteredClient,
  body: Parameters,
  deadline: Deadline,
): Promise<IntrospectionResponse> {
  const token = parsePresentedToken(body);
  const presented = await findPresentedToken(needs, client.skill, token, deadline);
  return describe(presented, client, needs.now());
}

function describe(presented: PresentedToken, { skill }: RegisteredClient, now: Date): IntrospectionResponse {
  if (presented.kind === 'foreign' || presented.grant.revokedAt) return { active: false };
  const { grant } = presented;
  const common = { active: true, client_id: skill.clientId, sub: grant.linkId, scope: grant.scopes.join(' ') } as const;
  if (presented.kind === 'refresh' || presented.kind === 'adopted-refresh') {
    const keep = skill.refreshKeep;
    const { generation } = presented.claims;
    const tooOld =
      keep !== null && grant.generation - generation > keep && agedGeneration(grant, now.getTime() / 1000) > generation;
    return tooOld ? { active: false } : { ...common, token_type: 'refresh_token' };
  }
  const expiry = presented.kind === 'access' ? accessTokenExpiry(presented.claims) : presented.claims.expiresAt;
  const ended = grant.accessEndedAt !== null && presented.claims.issuedAt <= grant.accessEndedAt.getTime();
  if (ended || expiry <= now.getTime()) return { active: false };
  return { ...common, exp: Math.floor(expiry / 1000), token_type: 'Bearer' };
}
