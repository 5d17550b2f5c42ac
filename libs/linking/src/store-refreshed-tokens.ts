import type { Deadline, TenantId } from '@linkbroker/contracts';
import { scheduleRefresh, type UpstreamTokens } from '@linkbroker/providers';
import type { Ambient } from './needs.js';
import { STATEMENT_MS, type RefreshAttempt, type RefreshResult } from './refresh-attempt.js';
import { expiryOf, randomShare, sealTokens, type TokenSecrets, type VaultNeeds } from './upstream-secrets.js';

/** What a refresh brought, sealed for the next version of its set. */
export interface RefreshedAnswer {
  readonly setId: string;
  readonly fence: number;
  readonly attemptId: string;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly activeDueAt: Date | null;
  readonly dormantDueAt: Date | null;
  readonly sealed: Buffer;
}

export interface StoreRefreshNeeds extends Ambient, Pick<VaultNeeds, 'seal'> {
  readonly tokenSets: {
    finish(tenantId: TenantId, tokens: RefreshedAnswer, now: Date, deadline: Deadline): Promise<boolean>;
  };
  /** Keeps an answer that the database would not take in a second durable place; says where. */
  readonly keepUnstored: (tenantId: TenantId, answer: RefreshedAnswer) => Promise<'spool' | 'stream' | 'nowhere'>;
}

const STORE_TRIES = 3;

/**
 * Stores what came back where the fence still matches. When the database will not take it, the sealed answer goes to a
 * second durable place, from which recovery replays it. What the provider gave is good either way.
 */
export async function storeRefreshedTokens(
  needs: StoreRefreshNeeds,
  attempt: RefreshAttempt,
  tokens: UpstreamTokens,
): Promise<RefreshResult> {
  const { tenantId, connector } = attempt;
  const now = needs.now();
  const secrets: TokenSecrets = {
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? attempt.secrets.refreshToken,
    profile: attempt.secrets.profile,
  };
  const fresh = { secrets, accessExpiresAt: expiryOf(now, tokens.expiresIn), scopes: tokens.scopes };
  const answer = await sealAnswer(needs, attempt, tokens, secrets, now);
  for (let tries = 1; tries <= STORE_TRIES; tries += 1) {
    try {
      const stored = await needs.tokenSets.finish(tenantId, answer, now, performance.now() + STATEMENT_MS);
      if (!stored) return { kind: 'busy' };
      needs.trace({ name: 'upstream.refreshed', tenantId, connector: connector.slug });
      return { kind: 'fresh', ...fresh };
    } catch (error) {
      if (tries < STORE_TRIES) continue;
      const place = await needs.keepUnstored(tenantId, answer);
      const detail = `${place}: ${error instanceof Error ? error.message : 'unknown'}`;
      needs.trace({ name: 'incident.token_not_stored', tenantId, connector: connector.slug, detail });
    }
  }
  return { kind: 'fresh', ...fresh };
}

async function sealAnswer(
  needs: StoreRefreshNeeds,
  { tenantId, set, upstream, secrets: before, fence, attemptId }: RefreshAttempt,
  tokens: UpstreamTokens,
  secrets: TokenSecrets,
  now: Date,
): Promise<RefreshedAnswer> {
  const version = set.version + 1;
  const renewed = tokens.refreshToken !== null && tokens.refreshToken !== before.refreshToken;
  const life = {
    hasRefreshToken: secrets.refreshToken !== null,
    accessExpiresAt: expiryOf(now, tokens.expiresIn),
    refreshExpiresAt: renewed ? expiryOf(now, tokens.refreshExpiresIn) : set.refreshExpiresAt,
  };
  const schedule = scheduleRefresh(upstream.provider, life, now, randomShare(needs.randomBytes));
  const sealed = await sealTokens(needs, tenantId, { id: set.id, version }, secrets, performance.now() + STATEMENT_MS);
  return { setId: set.id, fence, attemptId, version, scopes: tokens.scopes, ...life, ...schedule, sealed };
}
