import type { Skill } from '@linkbroker/contracts';
import { accessSecretOf, buildAccessToken, buildRefreshToken, type TokenResponse } from '@linkbroker/protocol';
import type { MacKeys } from './needs.js';

/** What an answer is made of, once the database has settled it. */
export interface IssuedGeneration {
  readonly grantId: string;
  readonly grantSecret: Buffer;
  readonly generation: number;
  /** The key the row names, which the refresh token is signed with. */
  readonly macKeyId: number;
  readonly scopes: readonly string[];
  /** Scopes asked for in this request, or null when it named none. */
  readonly asked: readonly string[] | null;
  readonly now: Date;
}

/** Builds the pair for one generation; the same on exchange, refresh and replay. @see R74–R84 */
export function buildTokenResponse(keys: MacKeys, skill: Skill, issued: IssuedGeneration): TokenResponse {
  const { grantId, grantSecret, generation, now } = issued;
  const access = {
    macKeyId: keys.signingKeyId(now),
    grantId,
    accessSecret: accessSecretOf(grantSecret),
    issuedAt: now.getTime(),
    ttlSeconds: skill.accessTokenTtl,
  };
  const differs = issued.asked !== null && issued.asked.length !== issued.scopes.length;
  return {
    access_token: buildAccessToken(access, keys.lookup),
    token_type: 'Bearer',
    expires_in: skill.accessTokenTtl,
    refresh_token: buildRefreshToken(
      { macKeyId: issued.macKeyId, grantId, grantSecret, generation },
      skill.id,
      keys.lookup,
    ),
    ...(differs && { scope: issued.scopes.join(' ') }),
  };
}
