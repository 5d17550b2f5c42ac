import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import { accessSecretOf, codeChallengeOf, OAuthError, sha256, type TokenRequest } from '@linkbroker/protocol';
import { buildTokenResponse } from './build-token-response.js';
import { handOutUpstreamToken, type HandOutNeeds } from './hand-out-upstream-token.js';
import type { Ambient, MacKeys } from './needs.js';
import type { GrantResult } from './token-endpoint.js';

interface Redemption {
  readonly skillId: string;
  readonly codeHash: Buffer;
  readonly redirectUri: string | null;
  readonly codeChallenge: string | null;
  readonly secretHash: Buffer;
  readonly accessSecretHash: Buffer;
  readonly signingKeyId: number;
  readonly now: Date;
}

interface StoredCode {
  readonly grantId: string;
  readonly linkId: string;
  readonly consumedAt: Date | null;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
}

export interface CodeGrantNeeds extends Ambient, HandOutNeeds {
  readonly keys: MacKeys;
  readonly codes: {
    redeem(
      tenantId: TenantId,
      code: Redemption,
      deadline: Deadline,
    ): Promise<{ grantId: string; linkId: string; scopes: readonly string[] } | undefined>;
    findCode(
      tenantId: TenantId,
      skillId: string,
      codeHash: Buffer,
      deadline: Deadline,
    ): Promise<StoredCode | undefined>;
  };
}

type CodeRequest = Extract<TokenRequest, { grantType: 'authorization_code' }>;

const GRANT_SECRET_BYTES = 16;

/**
 * Redeems an authorization code in one statement with one winner. A mismatch of client, redirect URI or verifier
 * consumes nothing; a second redemption is refused and does not touch the link.
 * @see RFC 6749 §4.1.3, RFC 7636 §4.6, R60, R63, R70, R72, ADR 0003
 */
export async function redeemCode(
  needs: CodeGrantNeeds,
  skill: Skill,
  request: CodeRequest,
  deadline: Deadline,
): Promise<GrantResult> {
  const now = needs.now();
  const grantSecret = needs.randomBytes(GRANT_SECRET_BYTES);
  const signingKeyId = needs.keys.signingKeyId(now);
  const code: Redemption = {
    skillId: skill.id,
    codeHash: sha256(request.code),
    redirectUri: request.redirectUri,
    codeChallenge: request.codeVerifier === null ? null : codeChallengeOf(request.codeVerifier),
    secretHash: sha256(grantSecret),
    accessSecretHash: sha256(accessSecretOf(grantSecret)),
    signingKeyId,
    now,
  };
  const handedOut = await handOutFirst(needs, skill, code, deadline);
  const redeemed = await needs.codes.redeem(skill.tenantId, code, deadline);
  if (!redeemed) return explainRefusal(needs, skill, code, deadline);
  const issued = { ...redeemed, grantSecret, generation: 1, macKeyId: signingKeyId, asked: null, now };
  const answer = { ...buildTokenResponse(needs.keys, skill, issued), ...handedOut };
  return { outcome: 'issued', answer, grantId: redeemed.grantId, linkId: redeemed.linkId };
}

/** A skill that passes the upstream's tokens through has one in hand before the code is spent: a code works only once. */
async function handOutFirst(needs: CodeGrantNeeds, skill: Skill, code: Redemption, deadline: Deadline) {
  if (skill.tokenMode === 'own') return {};
  const stored = await needs.codes.findCode(skill.tenantId, skill.id, code.codeHash, deadline);
  const redeemable = stored && refusalReason(stored, code) === undefined;
  return redeemable ? handOutUpstreamToken(needs, skill, stored.grantId, deadline) : {};
}

/** Why no row matched: read after the fact, for the household's timeline; the verdict stands either way. */
async function explainRefusal(
  needs: CodeGrantNeeds,
  skill: Skill,
  code: Redemption,
  deadline: Deadline,
): Promise<GrantResult> {
  const stored = await needs.codes.findCode(skill.tenantId, skill.id, code.codeHash, deadline);
  const reason = stored ? (refusalReason(stored, code) ?? 'code_verifier does not match') : 'unknown code';
  const replayed = reason === 'already redeemed';
  needs.trace({
    name: replayed ? 'code.replayed' : 'code.refused',
    tenantId: skill.tenantId,
    skillId: skill.id,
    detail: reason,
    ...(stored && { grantId: stored.grantId, linkId: stored.linkId }),
  });
  return {
    outcome: replayed ? 'code_replayed' : 'refused',
    answer: new OAuthError('invalid_grant', 'The authorization code is not valid.', { cause: reason }),
    ...(stored && { grantId: stored.grantId, linkId: stored.linkId }),
  };
}

/** Why a code cannot be redeemed, as far as the row says; undefined when nothing but the verifier speaks against it. */
function refusalReason(stored: StoredCode, code: Redemption): string | undefined {
  if (stored.consumedAt) return 'already redeemed';
  if (stored.revokedAt) return 'grant revoked';
  if (stored.expiresAt <= code.now) return 'expired';
  if (code.redirectUri !== null && code.redirectUri !== stored.redirectUri) return 'another redirect_uri';
  return stored.codeChallenge === code.codeChallenge ? undefined : 'code_verifier does not match';
}
