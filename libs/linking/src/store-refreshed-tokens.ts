import type { Deadline, TenantId } from '@linkbroker/contracts';
import { scheduleRefresh, type UpstreamTokens } from '@linkbroker/providers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ambient } from './needs.js';
import { LEASE_MS, STATEMENT_MS, type RefreshAttempt, type RefreshResult } from './refresh-attempt.js';
import type { CountRefreshNeeds } from './refresh-buckets.js';
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

export interface StoreRefreshNeeds extends Ambient, CountRefreshNeeds, Pick<VaultNeeds, 'seal'> {
  readonly tokenSets: {
    finish(tenantId: TenantId, tokens: RefreshedAnswer, now: Date, deadline: Deadline): Promise<boolean>;
  };
  /** Keeps an answer that the database would not take in a second durable place; says where. */
  readonly keepUnstored: (tenantId: TenantId, answer: RefreshedAnswer) => Promise<'spool' | 'stream' | 'nowhere'>;
}

type Place = Awaited<ReturnType<StoreRefreshNeeds['keepUnstored']>>;

const STORE_TRIES = 3;
const BETWEEN_TRIES_MS = 200;
/** A database that takes longer may be frozen, and this process may be the next to go. */
const KEEP_AFTER_MS = 250;

/**
 * Stores what came back where the fence still matches. When the database does not take it at once, the sealed answer goes
 * to a second durable place meanwhile, from which recovery replays it; where no place takes it, it is tried for as long as
 * the lease lasts. What the provider gave is good either way.
 * @param asked when the request was about to be sent: lifetimes are counted from then
 */
export async function storeRefreshedTokens(
  needs: StoreRefreshNeeds,
  attempt: RefreshAttempt,
  tokens: UpstreamTokens,
  asked: Date,
): Promise<RefreshResult> {
  const { tenantId, connector } = attempt;
  const now = needs.now();
  const secrets: TokenSecrets = {
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? attempt.secrets.refreshToken,
    profile: attempt.secrets.profile,
  };
  const fresh = { secrets, accessExpiresAt: expiryOf(asked, tokens.expiresIn), scopes: tokens.scopes };
  const answer = await sealAnswer(needs, attempt, tokens, secrets, { now, asked });
  const result = await storeOrKeep(needs, attempt, answer, now);
  if (result.kind === 'settled') {
    needs.countUpstreamRefresh(connector, result.stored ? 'refreshed' : 'superseded');
    if (!result.stored) return { kind: 'busy' };
    needs.trace({ name: 'upstream.refreshed', tenantId, connector: connector.slug });
    return { kind: 'fresh', ...fresh };
  }
  const { place, error } = result;
  needs.countUpstreamRefresh(connector, place === 'nowhere' ? 'unstored' : 'kept');
  const detail = `${place}: ${error instanceof Error ? error.message : 'unknown'}`;
  needs.trace({
    name: 'incident.token_not_stored',
    tenantId,
    tokenSetId: attempt.set.id,
    connector: connector.slug,
    detail,
  });
  return { kind: 'fresh', ...fresh };
}

type Stored =
  | { readonly kind: 'settled'; readonly stored: boolean }
  | { readonly kind: 'kept'; readonly place: Place; readonly error: unknown };

async function storeOrKeep(
  needs: StoreRefreshNeeds,
  { tenantId, began }: RefreshAttempt,
  answer: RefreshedAnswer,
  now: Date,
): Promise<Stored> {
  let place: Place = 'nowhere';
  for (let tries = 1; ; tries += 1) {
    const storing = needs.tokenSets.finish(tenantId, answer, now, performance.now() + STATEMENT_MS);
    if (place === 'nowhere' && !(await settlesSoon(storing))) place = await needs.keepUnstored(tenantId, answer);
    try {
      return { kind: 'settled', stored: await storing };
    } catch (error) {
      const hold = place === 'nowhere' && performance.now() < began + LEASE_MS;
      if (tries >= STORE_TRIES && !hold) return { kind: 'kept', place, error };
      await pause(BETWEEN_TRIES_MS);
    }
  }
}

/** Whether the database has taken it, or said that something newer is there, before it is worth a second place. */
async function settlesSoon(storing: Promise<boolean>): Promise<boolean> {
  const timer = new AbortController();
  const settled = storing.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([settled, pause(KEEP_AFTER_MS, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

async function sealAnswer(
  needs: StoreRefreshNeeds,
  { tenantId, set, upstream, secrets: before, fence, attemptId }: RefreshAttempt,
  tokens: UpstreamTokens,
  secrets: TokenSecrets,
  { now, asked }: { readonly now: Date; readonly asked: Date },
): Promise<RefreshedAnswer> {
  const version = set.version + 1;
  const renewed = tokens.refreshToken !== null && tokens.refreshToken !== before.refreshToken;
  const life = {
    hasRefreshToken: secrets.refreshToken !== null,
    accessExpiresAt: expiryOf(asked, tokens.expiresIn),
    refreshExpiresAt: renewed ? expiryOf(asked, tokens.refreshExpiresIn) : set.refreshExpiresAt,
  };
  const schedule = scheduleRefresh(upstream.provider, life, now, randomShare(needs.randomBytes));
  const sealed = await sealTokens(needs, tenantId, { id: set.id, version }, secrets, performance.now() + STATEMENT_MS);
  return { setId: set.id, fence, attemptId, version, scopes: tokens.scopes, ...life, ...schedule, sealed };
}
