import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import {
  readAccessToken,
  readRefreshToken,
  sha256,
  unavailable,
  type AccessTokenClaims,
  type Checkpoint,
  type RefreshTokenClaims,
} from '@linkbroker/protocol';
import { claimForeignGrant, findForeignToken, type ForeignTokensNeeds } from './find-foreign-token.js';
import { handedOutFingerprint, type GrantedTokensNeeds } from './find-granted-tokens.js';
import type { Ambient, MacKeys } from './needs.js';
import type { Fingerprint } from './upstream-secrets.js';

export interface PresentedGrant {
  readonly linkId: string;
  readonly scopes: readonly string[];
  readonly generation: number;
  readonly generationAt: number;
  readonly checkpoints: readonly Checkpoint[];
  readonly secretHash: Buffer | null;
  readonly accessSecretHash: Buffer | null;
  readonly accessEndedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface PresentedTokenNeeds extends Ambient, ForeignTokensNeeds {
  readonly keys: MacKeys;
  readonly grants: {
    find(tenantId: TenantId, skillId: string, grantId: string, deadline: Deadline): Promise<PresentedGrant | undefined>;
    existsAnywhere(grantId: string, deadline: Deadline): Promise<boolean>;
  };
  readonly fingerprint: Fingerprint;
  readonly grantedTokens: Pick<GrantedTokensNeeds['grantedTokens'], 'findHandedOut'>;
}

/** A token of this skill with its row, or `foreign`: forged, or somebody else's. */
export type PresentedToken =
  | { readonly kind: 'refresh'; readonly claims: RefreshTokenClaims; readonly grant: PresentedGrant }
  | { readonly kind: 'access'; readonly claims: AccessTokenClaims; readonly grant: PresentedGrant }
  /** An upstream access token that was handed out to Alexa. */
  | {
      readonly kind: 'handed-out';
      readonly claims: { readonly grantId: string; readonly issuedAt: number; readonly expiresAt: number };
      readonly grant: PresentedGrant;
    }
  /** What the server before issued, of an imported link: a refresh token is generation 0. */
  | {
      readonly kind: 'adopted-refresh';
      readonly claims: { readonly grantId: string; readonly generation: 0 };
      /** The grant's secret, which is written with the first call. */
      readonly grantSecret: () => Promise<Buffer>;
      readonly grant: PresentedGrant;
    }
  | {
      readonly kind: 'adopted-access';
      readonly claims: { readonly grantId: string; readonly issuedAt: 0; readonly expiresAt: number };
      readonly grant: PresentedGrant;
    }
  | { readonly kind: 'foreign' };

/**
 * Reads a token presented for revocation or introspection and finds its row.
 * @throws OAuthError `temporarily_unavailable` for an unknown key or a valid MAC whose row is nowhere
 */
export async function findPresentedToken(
  needs: PresentedTokenNeeds,
  skill: Skill,
  token: string,
  deadline: Deadline,
): Promise<PresentedToken> {
  const refresh = readRefreshToken(token, skill.id, needs.keys.lookup);
  const access = refresh.kind === 'forged' ? readAccessToken(token, needs.keys.lookup) : undefined;
  const reading = access ?? refresh;
  const adopted = reading.kind === 'valid' ? undefined : await findAdopted(needs, skill, token, deadline);
  if (adopted) return adopted;
  // Another server's token may look like one of a key that we never had.
  if (reading.kind === 'forged' || (skill.relay && reading.kind === 'unknown-key'))
    return findHandedOut(needs, skill, token, deadline);
  if (reading.kind === 'unknown-key') {
    needs.trace({ name: 'incident.unknown_mac_key', skillId: skill.id, figures: { macKeyId: reading.macKeyId } });
    throw unavailable(new Error('unknown MAC key'));
  }
  const grant = await needs.grants.find(skill.tenantId, skill.id, reading.claims.grantId, deadline);
  if (!grant) return missing(needs, skill, reading.claims.grantId, deadline);
  return refresh.kind === 'valid'
    ? matchRefresh(refresh.claims, grant)
    : matchAccess(reading.claims as AccessTokenClaims, grant);
}

async function findAdopted(
  needs: PresentedTokenNeeds,
  skill: Skill,
  token: string,
  deadline: Deadline,
): Promise<PresentedToken | undefined> {
  const found = await findForeignToken(needs, skill, token, ['refresh', 'access'], deadline);
  if (!found) return undefined;
  const { grantId } = found;
  const grant = await needs.grants.find(skill.tenantId, skill.id, grantId, deadline);
  if (!grant) return missing(needs, skill, grantId, deadline);
  if (found.kind === 'access') {
    const claims = { grantId, issuedAt: 0, expiresAt: found.expiresAt.getTime() } as const;
    return { kind: 'adopted-access', claims, grant };
  }
  const grantSecret = (): Promise<Buffer> => claimForeignGrant(needs, skill, token, found, deadline);
  return { kind: 'adopted-refresh', claims: { grantId, generation: 0 }, grantSecret, grant };
}

async function findHandedOut(
  needs: PresentedTokenNeeds,
  skill: Skill,
  token: string,
  deadline: Deadline,
): Promise<PresentedToken> {
  if (skill.tokenMode !== 'upstream') return { kind: 'foreign' };
  const fingerprint = handedOutFingerprint(needs.fingerprint, token);
  const found = await needs.grantedTokens.findHandedOut(skill.tenantId, skill.id, fingerprint, deadline);
  const grant = found && (await needs.grants.find(skill.tenantId, skill.id, found.grantId, deadline));
  if (!found || !grant) return { kind: 'foreign' };
  const { grantId, issuedAt, expiresAt } = found;
  return {
    kind: 'handed-out',
    claims: { grantId, issuedAt: issuedAt.getTime(), expiresAt: expiresAt.getTime() },
    grant,
  };
}

function matchRefresh(claims: RefreshTokenClaims, grant: PresentedGrant): PresentedToken {
  const matches = grant.secretHash?.equals(sha256(claims.grantSecret)) ?? false;
  return matches ? { kind: 'refresh', claims, grant } : { kind: 'foreign' };
}

function matchAccess(claims: AccessTokenClaims, grant: PresentedGrant): PresentedToken {
  const matches = grant.accessSecretHash?.equals(sha256(claims.accessSecret)) ?? false;
  return matches ? { kind: 'access', claims, grant } : { kind: 'foreign' };
}

async function missing(
  needs: PresentedTokenNeeds,
  skill: Skill,
  grantId: string,
  deadline: Deadline,
): Promise<PresentedToken> {
  if (await needs.grants.existsAnywhere(grantId, deadline)) return { kind: 'foreign' };
  needs.trace({ name: 'incident.grant_missing', tenantId: skill.tenantId, skillId: skill.id, grantId });
  throw unavailable(new Error('a token with a valid MAC has no row'));
}
