import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import { accessTokenExpiry, readAccessToken, sha256, unavailable, type AccessTokenClaims } from '@linkbroker/protocol';
import { findForeignToken, type ForeignTokensNeeds } from './find-foreign-token.js';
import type { Ambient, MacKeys } from './needs.js';
import type { UpstreamTokenSet } from './refresh-attempt.js';
import type { Fingerprint } from './upstream-secrets.js';

export interface GrantedTokens {
  readonly linkId: string;
  readonly accessSecretHash: Buffer | null;
  readonly accessEndedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly tokenSet: UpstreamTokenSet;
}

export interface GrantedTokensNeeds extends Ambient, ForeignTokensNeeds {
  readonly keys: MacKeys;
  readonly fingerprint: Fingerprint;
  readonly grantedTokens: {
    find(tenantId: TenantId, skillId: string, grantId: string, deadline: Deadline): Promise<GrantedTokens | undefined>;
    findHandedOut(
      tenantId: TenantId,
      skillId: string,
      fingerprint: Buffer,
      deadline: Deadline,
    ): Promise<{ grantId: string; issuedAt: Date; expiresAt: Date } | undefined>;
  };
  readonly grants: { existsAnywhere(grantId: string, deadline: Deadline): Promise<boolean> };
}

/** A presented access token's grant with the upstream tokens behind it, or why it is worth nothing here. */
export type PresentedAccess =
  | { readonly kind: 'granted'; readonly grantId: string; readonly granted: GrantedTokens }
  | { readonly kind: 'refused'; readonly reason: string; readonly grantId?: string };

/** The fingerprint of an upstream access token that was handed out to Alexa. */
export const handedOutFingerprint = (fingerprint: Fingerprint, token: string): Buffer =>
  fingerprint('handed-out-token', [token]);

type OwnerOfSkill = Pick<Skill, 'id' | 'tenantId' | 'tokenMode' | 'foreignTokens'>;

/**
 * Finds what an access token of this skill stands for, in one round trip: ours by its MAC and secret, an upstream one
 * that was handed out by its fingerprint. Somebody else's token is refused like a forged one.
 * @throws OAuthError `temporarily_unavailable` for an unknown key, or a valid MAC whose row is nowhere
 */
export async function findGrantedTokens(
  needs: GrantedTokensNeeds,
  skill: OwnerOfSkill,
  token: string,
  deadline: Deadline,
): Promise<PresentedAccess> {
  const reading = readAccessToken(token, needs.keys.lookup);
  if (reading.kind === 'valid') return findOwn(needs, skill, reading.claims, deadline);
  const foreign = await findForeignToken(needs, skill, token, ['access'], deadline);
  if (foreign) return findLasting(needs, skill, { ...foreign, issuedAt: EARLIEST }, deadline);
  if (reading.kind === 'unknown-key') {
    needs.trace({ name: 'incident.unknown_mac_key', skillId: skill.id, figures: { macKeyId: reading.macKeyId } });
    throw unavailable(new Error('unknown MAC key'));
  }
  if (skill.tokenMode !== 'upstream') return { kind: 'refused', reason: 'not a token of ours' };
  return findUpstreamOne(needs, skill, token, deadline);
}

async function findOwn(
  needs: GrantedTokensNeeds,
  skill: OwnerOfSkill,
  claims: AccessTokenClaims,
  deadline: Deadline,
): Promise<PresentedAccess> {
  const { grantId } = claims;
  const granted = await needs.grantedTokens.find(skill.tenantId, skill.id, grantId, deadline);
  if (!granted) {
    if (await needs.grants.existsAnywhere(grantId, deadline)) {
      return { kind: 'refused', reason: 'a token of another client' };
    }
    needs.trace({ name: 'incident.grant_missing', tenantId: skill.tenantId, skillId: skill.id, grantId });
    throw unavailable(new Error('a token with a valid MAC has no row'));
  }
  const refused = (reason: string): PresentedAccess => ({ kind: 'refused', reason, grantId });
  const ended = granted.accessEndedAt !== null && claims.issuedAt <= granted.accessEndedAt.getTime();
  if (!granted.accessSecretHash?.equals(sha256(claims.accessSecret))) return refused('not a token of ours');
  if (granted.revokedAt) return refused('grant revoked');
  if (ended) return refused('access token revoked');
  if (accessTokenExpiry(claims) <= needs.now().getTime()) return refused('access token expired');
  return { kind: 'granted', grantId, granted };
}

async function findUpstreamOne(
  needs: GrantedTokensNeeds,
  skill: OwnerOfSkill,
  token: string,
  deadline: Deadline,
): Promise<PresentedAccess> {
  const fingerprint = handedOutFingerprint(needs.fingerprint, token);
  const handedOut = await needs.grantedTokens.findHandedOut(skill.tenantId, skill.id, fingerprint, deadline);
  if (!handedOut) return { kind: 'refused', reason: 'not a token that was handed out' };
  return findLasting(needs, skill, handedOut, deadline);
}

/** A token of another server was issued before any of ours. */
const EARLIEST = new Date(0);

/** By the end that was written down with the token. */
async function findLasting(
  needs: GrantedTokensNeeds,
  skill: OwnerOfSkill,
  token: { readonly grantId: string; readonly issuedAt: Date; readonly expiresAt: Date },
  deadline: Deadline,
): Promise<PresentedAccess> {
  const { grantId } = token;
  const granted = await needs.grantedTokens.find(skill.tenantId, skill.id, grantId, deadline);
  if (!granted) throw unavailable(new Error('a token that was written down has no grant'));
  const ended = granted.accessEndedAt !== null && token.issuedAt <= granted.accessEndedAt;
  if (granted.revokedAt || ended) return { kind: 'refused', reason: 'grant or access token revoked', grantId };
  if (token.expiresAt <= needs.now()) return { kind: 'refused', reason: 'access token expired', grantId };
  return { kind: 'granted', grantId, granted };
}
