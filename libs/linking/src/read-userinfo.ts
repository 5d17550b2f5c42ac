import type { Deadline, TenantId } from '@linkbroker/contracts';
import { readAccessToken, sha256, unavailable } from '@linkbroker/protocol';
import type { Profile } from '@linkbroker/providers';
import { findGrantedTokens, handedOutFingerprint, type GrantedTokensNeeds } from './find-granted-tokens.js';
import { openTokens, type VaultNeeds } from './upstream-secrets.js';

interface Owner {
  readonly tenantId: TenantId;
  readonly skillId: string;
}

export interface UserinfoNeeds extends GrantedTokensNeeds, Pick<VaultNeeds, 'open'> {
  readonly grantedTokens: GrantedTokensNeeds['grantedTokens'] & {
    resolve(grantId: string, accessSecretHash: Buffer, deadline: Deadline): Promise<Owner | undefined>;
    resolveHandedOut(fingerprint: Buffer, deadline: Deadline): Promise<Owner | undefined>;
  };
}

/** `sub` is the link's id; the rest is what the provider said of the person. @see OpenID Connect Core 1.0 §5.3.2 */
export interface Userinfo extends Profile {
  readonly sub: string;
}

/**
 * Tells the bearer of an access token who is linked. The token is all there is: it finds its own tenant.
 * @returns undefined when the token is worth nothing
 * @throws OAuthError `temporarily_unavailable` when it could not look
 * @see RFC 6750 §2.1
 */
export async function readLinkUserinfo(
  needs: UserinfoNeeds,
  token: string,
  deadline: Deadline,
): Promise<{ readonly userinfo: Userinfo; readonly owner: Owner; readonly grantId: string } | undefined> {
  const reading = readAccessToken(token, needs.keys.lookup);
  if (reading.kind === 'unknown-key') throw unavailable(new Error('unknown MAC key'));
  const owner =
    reading.kind === 'valid'
      ? await needs.grantedTokens.resolve(reading.claims.grantId, sha256(reading.claims.accessSecret), deadline)
      : await needs.grantedTokens.resolveHandedOut(handedOutFingerprint(needs.fingerprint, token), deadline);
  if (!owner && reading.kind === 'valid') return lost(needs, reading.claims.grantId, deadline);
  if (!owner) return undefined;
  const skill = { id: owner.skillId, tenantId: owner.tenantId, tokenMode: 'upstream' as const };
  const presented = await findGrantedTokens(needs, skill, token, deadline);
  if (presented.kind === 'refused') return undefined;
  const { tokenSet, linkId } = presented.granted;
  const wiped = tokenSet.state === 'revoked';
  const profile = wiped ? {} : (await openTokens(needs, owner.tenantId, tokenSet, deadline)).profile;
  return { userinfo: { ...profile, sub: linkId }, owner, grantId: presented.grantId };
}

/** A valid MAC whose row is nowhere is a failure to look; one whose secret differs is not ours. */
async function lost(needs: UserinfoNeeds, grantId: string, deadline: Deadline): Promise<undefined> {
  if (await needs.grants.existsAnywhere(grantId, deadline)) return undefined;
  needs.trace({ name: 'incident.grant_missing', grantId });
  throw unavailable(new Error('a token with a valid MAC has no row'));
}
