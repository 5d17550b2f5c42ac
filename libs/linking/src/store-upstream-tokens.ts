import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { supportReference, uuidV7 } from '@linkbroker/protocol';
import { scheduleRefresh, type Identity, type Upstream, type UpstreamTokens } from '@linkbroker/providers';
import type { ClaimedAttempt } from './claim-callback.js';
import type { Ambient } from './needs.js';
import {
  expiryOf,
  openTokens,
  randomShare,
  revocationDomain,
  sealTokens,
  type Fingerprint,
  type TokenSecrets,
  type VaultNeeds,
} from './upstream-secrets.js';

interface StoredSet {
  readonly id: string;
  readonly version: number;
  readonly state: 'active' | 'at_risk' | 'dead' | 'revoked';
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly refreshExpiresAt: Date | null;
  readonly sealed: Buffer;
}

interface SetToStore {
  readonly id: string;
  readonly connectorId: string;
  readonly subject: string;
  readonly domain: Buffer;
  readonly version: number;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly freshRefreshToken: boolean;
  readonly activeDueAt: Date | null;
  readonly dormantDueAt: Date | null;
  readonly sealed: Buffer;
}

export interface StoreUpstreamTokensNeeds extends Ambient, VaultNeeds {
  readonly fingerprint: Fingerprint;
  readonly tokenSets: {
    findBySubject(
      tenantId: TenantId,
      connectorId: string,
      subject: string,
      deadline: Deadline,
    ): Promise<StoredSet | undefined>;
    findSibling(
      tenantId: TenantId,
      domain: Buffer,
      connectorId: string,
      deadline: Deadline,
    ): Promise<StoredSet | undefined>;
    store(tenantId: TenantId, set: SetToStore, now: Date, deadline: Deadline): Promise<number | undefined>;
  };
}

/** Where the upstream leg led. */
export interface UpstreamSignIn {
  readonly connector: Connector;
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly tokens: UpstreamTokens;
}

/** The set the link shall point to, or that the household must consent once more to get a refresh token. */
export type StoredTokens = { readonly kind: 'stored'; readonly tokenSetId: string } | { readonly kind: 'consent' };

/** A crowd of one account's households takes turns; each turn one of them is through. */
const MAX_ATTEMPTS = 40;
const PAUSE_MS = 40;
/** Share of a provider's ceiling of living refresh tokens from which on the tenant is told. */
const CEILING_WARNING = 0.8;

/**
 * Stores what the provider gave, unless the stored set is worth more. An answer without a refresh token, where there
 * could be one, takes the stored one of the tenant; where there is none, the household consents once more in the same
 * visit, and only once. Nothing is revoked to get a token.
 * @see R207–R211, ADR 0012
 */
export async function storeUpstreamTokens(
  needs: StoreUpstreamTokensNeeds,
  attempt: ClaimedAttempt,
  signIn: UpstreamSignIn,
  deadline: Deadline,
): Promise<StoredTokens> {
  const { connector, upstream, identity } = signIn;
  const domain = revocationDomain(needs.fingerprint, connector, upstream, identity.subject);
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    const found = await needs.tokenSets.findBySubject(attempt.tenantId, connector.id, identity.subject, deadline);
    const decision = await decide(needs, attempt, signIn, domain, found, deadline);
    if ('kind' in decision) return decision;
    const id = await write(needs, attempt, signIn, domain, found, decision, deadline);
    if (id !== undefined) return { kind: 'stored', tokenSetId: id };
    await pause(randomShare(needs.randomBytes) * PAUSE_MS);
  }
  throw new Error('the upstream token set is being written by others');
}

interface TokensToWrite {
  readonly secrets: TokenSecrets;
  readonly refreshExpiresAt: Date | null;
}

/** Tokens to write, or what is settled without writing. */
type Decision = TokensToWrite | StoredTokens;

const keep = ({ id }: StoredSet): StoredTokens => ({ kind: 'stored', tokenSetId: id });

async function decide(
  needs: StoreUpstreamTokensNeeds,
  attempt: ClaimedAttempt,
  signIn: UpstreamSignIn,
  domain: Buffer,
  stored: StoredSet | undefined,
  deadline: Deadline,
): Promise<Decision> {
  const { upstream, identity, tokens } = signIn;
  const before = await openStored(needs, attempt, stored, deadline);
  const secrets: TokenSecrets = {
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    profile: { ...before?.profile, ...identity.profile },
  };
  const known = stored?.state === 'active' ? stored : undefined;
  if (tokens.refreshToken !== null || upstream.provider.refresh.kind !== 'refresh_token') {
    const fresh = { secrets, refreshExpiresAt: expiryOf(needs.now(), tokens.refreshExpiresIn) };
    // Where a sign-in ends the one before, what is stored is worth nothing by now.
    const alone = upstream.provider.refresh.ceiling === 1;
    return known && !alone && !replaces(tokens, known) ? keep(known) : fresh;
  }
  if (known?.hasRefreshToken && before) return besideStored(signIn, secrets, known, before);
  return withoutStored(needs, attempt, signIn, domain, secrets, deadline);
}

/** What is stored so far; a set whose tokens were revoked holds nothing. */
async function openStored(
  needs: StoreUpstreamTokensNeeds,
  { tenantId }: ClaimedAttempt,
  stored: StoredSet | undefined,
  deadline: Deadline,
): Promise<TokenSecrets | undefined> {
  return !stored || stored.state === 'revoked' ? undefined : openTokens(needs, tenantId, stored, deadline);
}

/** Only a refresh token that no use replaces can serve beside a new access token. */
function besideStored(
  { upstream, tokens }: UpstreamSignIn,
  secrets: TokenSecrets,
  known: StoredSet,
  { refreshToken }: TokenSecrets,
): Decision {
  const stays = upstream.provider.refresh.rotation === 'none';
  if (!stays || !covers(tokens.scopes, known.scopes)) return keep(known);
  return { secrets: { ...secrets, refreshToken }, refreshExpiresAt: known.refreshExpiresAt };
}

/** No refresh token came and this connector has none: one of the tenant's own in the same domain, or consent. */
async function withoutStored(
  needs: StoreUpstreamTokensNeeds,
  attempt: ClaimedAttempt,
  { connector, upstream, tokens }: UpstreamSignIn,
  domain: Buffer,
  secrets: TokenSecrets,
  deadline: Deadline,
): Promise<Decision> {
  const { tenantId, skillId } = attempt;
  if (upstream.provider.refresh.rotation === 'none') {
    const sibling = await needs.tokenSets.findSibling(tenantId, domain, connector.id, deadline);
    if (sibling && covers(sibling.scopes, tokens.scopes)) {
      const { refreshToken } = await openTokens(needs, tenantId, sibling, deadline);
      return { secrets: { ...secrets, refreshToken }, refreshExpiresAt: sibling.refreshExpiresAt };
    }
  }
  if (consentBrings(upstream) && !attempt.hop.consent) return { kind: 'consent' };
  const where = { tenantId, skillId, connector: connector.slug };
  needs.trace({ name: 'upstream.no_refresh_token', reference: supportReference(attempt.id), ...where });
  return { secrets, refreshExpiresAt: null };
}

async function write(
  needs: StoreUpstreamTokensNeeds,
  attempt: ClaimedAttempt,
  { connector, upstream, identity, tokens }: UpstreamSignIn,
  domain: Buffer,
  stored: StoredSet | undefined,
  { secrets, refreshExpiresAt }: TokensToWrite,
  deadline: Deadline,
): Promise<string | undefined> {
  const now = needs.now();
  const id = stored?.id ?? uuidV7(now, needs.randomBytes(10));
  const version = (stored?.version ?? 0) + 1;
  const life = {
    hasRefreshToken: secrets.refreshToken !== null,
    accessExpiresAt: expiryOf(now, tokens.expiresIn),
    refreshExpiresAt,
  };
  const set: SetToStore = {
    id,
    connectorId: connector.id,
    subject: identity.subject,
    domain,
    version,
    scopes: tokens.scopes,
    ...life,
    ...scheduleRefresh(upstream.provider, life, now, randomShare(needs.randomBytes)),
    freshRefreshToken: tokens.refreshToken !== null,
    sealed: await sealTokens(needs, attempt.tenantId, { id, version }, secrets, deadline),
  };
  const issued = await needs.tokenSets.store(attempt.tenantId, set, now, deadline);
  if (issued === undefined) return undefined;
  watchCeiling(needs, attempt, upstream, connector, issued);
  return id;
}

/** Beyond its ceiling a provider lets the oldest refresh token die without a word. @see R210, R211 */
function watchCeiling(
  needs: StoreUpstreamTokensNeeds,
  { tenantId, skillId, id }: ClaimedAttempt,
  { provider }: Upstream,
  connector: Connector,
  issued: number,
): void {
  const { ceiling } = provider.refresh;
  if (ceiling === undefined || ceiling === 1 || issued < ceiling * CEILING_WARNING) return;
  const where = { tenantId, skillId, connector: connector.slug, reference: supportReference(id) };
  needs.trace({ name: 'upstream.ceiling_near', ...where, figures: { issued, ceiling } });
}

/** Whether asking for consent brings a refresh token that this sign-in did not; elsewhere it was asked for already. */
const consentBrings = ({ provider }: Upstream): boolean =>
  provider.consentParameters !== undefined && provider.consentWithOfflineScope !== true;

const covers = (scopes: readonly string[], needed: readonly string[]): boolean =>
  needed.every((scope) => scopes.includes(scope));

/** A re-link replaces a working set only with one that has a refresh token and at least the old scopes. */
export function replaces(
  fresh: Pick<UpstreamTokens, 'refreshToken' | 'scopes'>,
  known: Pick<StoredSet, 'hasRefreshToken' | 'scopes'>,
): boolean {
  if (!known.hasRefreshToken) return true;
  return fresh.refreshToken !== null && covers(fresh.scopes, known.scopes);
}
