import type { Deadline, Skill, TenantId } from '@linkbroker/contracts';
import { OAuthError, unavailable, type TokenResponse } from '@linkbroker/protocol';
import { handedOutFingerprint, type GrantedTokensNeeds } from './find-granted-tokens.js';
import { freshUpstreamTokens, type FreshTokensNeeds, type Freshness } from './fresh-upstream-tokens.js';

export interface HandOutNeeds extends Pick<GrantedTokensNeeds, 'fingerprint'>, FreshTokensNeeds {
  readonly grantedTokens: Pick<GrantedTokensNeeds['grantedTokens'], 'find'> & {
    handOut(
      tenantId: TenantId,
      token: { skillId: string; grantId: string; fingerprint: Buffer; issuedAt: Date; expiresAt: Date },
      deadline: Deadline,
    ): Promise<void>;
  };
}

/** Alexa takes no token that lives less (R80); renewed a good while before, so that there is always one. */
const FRESHNESS: Freshness = { leadMs: 600_000, leastMs: 360_000 };
/** Characters of an access token that Alexa takes. */
const LONGEST_TOKEN = 2_048;
/** Seconds told for a token whose provider names no end. */
const UNKNOWN_LIFETIME = 3_600;

/**
 * The upstream's own access token for a skill that passes it through to Alexa, with its true rest of life. Its keyed
 * fingerprint is kept until it expires, so that it still finds its grant.
 * @throws OAuthError `invalid_grant` only when the upstream is dead for certain, `temporarily_unavailable` otherwise
 * @see R80, R107, ADR 0011
 */
export async function handOutUpstreamToken(
  needs: HandOutNeeds,
  skill: Skill,
  grantId: string,
  deadline: Deadline,
): Promise<Pick<TokenResponse, 'access_token' | 'expires_in'>> {
  const granted = await needs.grantedTokens.find(skill.tenantId, skill.id, grantId, deadline);
  if (!granted) throw unavailable(new Error('the grant has no upstream tokens'));
  const tokens = await freshUpstreamTokens(needs, skill.tenantId, granted.tokenSet, FRESHNESS, deadline);
  if (tokens.kind === 'dead' && tokens.state !== 'at_risk') {
    throw new OAuthError('invalid_grant', 'The upstream sign-in has ended.');
  }
  if (tokens.kind !== 'fresh') throw unavailable(new Error('the upstream token cannot be renewed right now'));
  const issuedAt = needs.now();
  const rest = tokens.accessExpiresAt
    ? Math.floor((tokens.accessExpiresAt.getTime() - issuedAt.getTime()) / 1_000)
    : UNKNOWN_LIFETIME;
  const { accessToken } = tokens.secrets;
  if (rest * 1_000 < FRESHNESS.leastMs)
    throw unavailable(new Error('the upstream gives tokens that live too short (R80)'));
  if (accessToken.length > LONGEST_TOKEN)
    throw unavailable(new Error('the upstream gives tokens that are too long (R86)'));
  const fingerprint = handedOutFingerprint(needs.fingerprint, accessToken);
  const expiresAt = new Date(issuedAt.getTime() + rest * 1_000);
  await needs.grantedTokens.handOut(
    skill.tenantId,
    { skillId: skill.id, grantId, fingerprint, issuedAt, expiresAt },
    deadline,
  );
  return { access_token: accessToken, expires_in: rest };
}
