import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import { uuidV7 } from '@linkbroker/protocol';
import {
  buildRefresh,
  readTokenResponse,
  UpstreamError,
  type Upstream,
  type UpstreamTokens,
  type WireRequest,
} from '@linkbroker/providers';
import type { Ambient } from './needs.js';
import { findUpstream, sendUpstream, wasNotSent, type ConnectorLookup, type UpstreamNeeds } from './upstream-needs.js';
import { expiryOf, openTokens, sealTokens, type TokenSecrets, type VaultNeeds } from './upstream-secrets.js';

export type TokenSetState = 'active' | 'at_risk' | 'dead' | 'revoked';

/** A stored set as far as a refresh and a release need it. */
export interface UpstreamTokenSet {
  readonly id: string;
  readonly connectorId: string;
  readonly version: number;
  readonly state: TokenSetState;
  readonly scopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly storedAt: Date;
  readonly retryAt: Date | null;
  readonly leased: boolean;
  readonly sealed: Buffer;
}

export interface RefreshUpstreamNeeds extends Ambient, VaultNeeds, UpstreamNeeds {
  readonly connectors: ConnectorLookup;
  readonly tokenSets: {
    lease(
      tenantId: TenantId,
      lease: { setId: string; version: number; attemptId: string; leaseMs: number },
      deadline: Deadline,
    ): Promise<number | undefined>;
    markSent(
      tenantId: TenantId,
      attempt: { setId: string; fence: number; attemptId: string },
      deadline: Deadline,
    ): Promise<boolean>;
    finish(
      tenantId: TenantId,
      tokens: {
        setId: string;
        fence: number;
        attemptId: string;
        version: number;
        scopes: readonly string[];
        hasRefreshToken: boolean;
        accessExpiresAt: Date | null;
        refreshExpiresAt: Date | null;
        sealed: Buffer;
      },
      now: Date,
      deadline: Deadline,
    ): Promise<boolean>;
    fail(
      tenantId: TenantId,
      attempt: {
        setId: string;
        fence: number;
        attemptId: string;
        outcome: 'terminal' | 'transient' | 'misconfigured' | 'not-sent';
        errorCode: string | null;
        retryAt: Date | null;
      },
      now: Date,
      deadline: Deadline,
    ): Promise<TokenSetState | undefined>;
  };
}

/** Fresh tokens of a set. */
export interface FreshTokens {
  readonly secrets: TokenSecrets;
  readonly accessExpiresAt: Date | null;
  readonly scopes: readonly string[];
}

export type RefreshResult =
  | ({ readonly kind: 'fresh' } & FreshTokens)
  /** Somebody else refreshes it, or stored a newer version meanwhile. */
  | { readonly kind: 'busy' }
  /** The provider could not be asked, or did not say anything final. */
  | { readonly kind: 'unavailable' }
  /** By the provider's own word the credential is dead; `state` says what this evidence amounts to. */
  | { readonly kind: 'refused'; readonly state: TokenSetState }
  /** There is nothing to refresh it with. */
  | { readonly kind: 'unrefreshable' };

/** Milliseconds for the provider's answer. The lease lasts three times that, so that its owner is done long before. */
const HTTP_MS = 8_000;
const LEASE_MS = 3 * HTTP_MS + 6_000;
const STATEMENT_MS = 2_000;
/** Pauses after an attempt that brought nothing, unless the provider names one. */
const PAUSE_MS = { terminal: 30_000, misconfigured: 30_000, transient: 5_000, 'not-sent': 1_000 } as const;
/** How long before the access token's end a single-use token whose fate is unknown is tried again. */
const LAST_CHANCE_MS = 60_000;
const STORE_TRIES = 3;

interface Attempt {
  readonly tenantId: TenantId;
  readonly set: UpstreamTokenSet;
  readonly connector: Connector;
  readonly upstream: Upstream;
  readonly secrets: TokenSecrets;
  readonly fence: number;
  readonly id: string;
  /** When we began to count, before the lease was asked for (`performance.now()`). */
  readonly began: number;
}

/**
 * Refreshes a token set upstream: a short transaction takes the lease and opens the journal, HTTP runs without a database
 * connection held, the result is stored where the fence still matches.
 * @throws errors of the stores before anything is sent
 * @see ADR 0011
 */
export async function refreshUpstream(
  needs: RefreshUpstreamNeeds,
  tenantId: TenantId,
  set: UpstreamTokenSet,
): Promise<RefreshResult> {
  const prepared = await prepare(needs, tenantId, set);
  if ('kind' in prepared) return prepared;
  const began = performance.now();
  const id = uuidV7(needs.now(), needs.randomBytes(10));
  const lease = { setId: set.id, version: set.version, attemptId: id, leaseMs: LEASE_MS };
  const fence = await needs.tokenSets.lease(tenantId, lease, began + STATEMENT_MS);
  if (fence === undefined) return { kind: 'busy' };
  const attempt: Attempt = { tenantId, set, ...prepared, fence, id, began };
  const sent = { setId: set.id, fence, attemptId: id };
  // Proves once more, right before the socket, that the lease is ours and the store can be written.
  if (!(await needs.tokenSets.markSent(tenantId, sent, performance.now() + STATEMENT_MS))) return { kind: 'busy' };
  if (performance.now() > began + HTTP_MS) return fail(needs, attempt, new UpstreamError('unavailable', 'too late'));
  let tokens: UpstreamTokens;
  try {
    const response = await sendUpstream(needs, prepared.connector, prepared.request, performance.now() + HTTP_MS);
    tokens = readTokenResponse(prepared.upstream, response, set.scopes, 'refresh', needs.now());
  } catch (error) {
    return fail(needs, attempt, error);
  }
  return store(needs, attempt, tokens);
}

type Prepared = Pick<Attempt, 'connector' | 'upstream' | 'secrets'> & { readonly request: WireRequest };

/** Everything that can go wrong without a lease goes wrong here. */
async function prepare(
  needs: RefreshUpstreamNeeds,
  tenantId: TenantId,
  set: UpstreamTokenSet,
): Promise<Prepared | RefreshResult> {
  const deadline = performance.now() + HTTP_MS;
  const connector = await needs.connectors.find(tenantId, set.connectorId, deadline);
  if (!connector) return { kind: 'unrefreshable' };
  try {
    const upstream = await findUpstream(needs, connector, deadline);
    const secrets = await openTokens(needs, tenantId, set, deadline);
    const request = buildRefresh(upstream, connector, { ...secrets, scopes: set.scopes }, needs.now());
    return request ? { connector, upstream, secrets, request } : { kind: 'unrefreshable' };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    needs.trace({ name: 'upstream.refresh_failed', tenantId, connector: connector.slug, detail: error.message });
    return { kind: 'unavailable' };
  }
}

async function store(needs: RefreshUpstreamNeeds, attempt: Attempt, tokens: UpstreamTokens): Promise<RefreshResult> {
  const { tenantId, set, connector, fence } = attempt;
  const now = needs.now();
  const secrets: TokenSecrets = {
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? attempt.secrets.refreshToken,
    profile: attempt.secrets.profile,
  };
  const renewed = tokens.refreshToken !== null && tokens.refreshToken !== attempt.secrets.refreshToken;
  const fresh = { secrets, accessExpiresAt: expiryOf(now, tokens.expiresIn), scopes: tokens.scopes };
  const version = set.version + 1;
  const row = {
    setId: set.id,
    fence,
    attemptId: attempt.id,
    version,
    scopes: tokens.scopes,
    hasRefreshToken: secrets.refreshToken !== null,
    accessExpiresAt: fresh.accessExpiresAt,
    refreshExpiresAt: renewed ? expiryOf(now, tokens.refreshExpiresIn) : set.refreshExpiresAt,
  };
  for (let tries = 1; tries <= STORE_TRIES; tries += 1) {
    try {
      const deadline = performance.now() + STATEMENT_MS;
      const sealed = await sealTokens(needs, tenantId, { id: set.id, version }, secrets, deadline);
      const stored = await needs.tokenSets.finish(tenantId, { ...row, sealed }, now, deadline);
      if (!stored) return { kind: 'busy' };
      needs.trace({ name: 'upstream.refreshed', tenantId, connector: connector.slug });
      return { kind: 'fresh', ...fresh };
    } catch (error) {
      if (tries < STORE_TRIES) continue;
      const detail = error instanceof Error ? error.message : 'unknown';
      needs.trace({ name: 'incident.token_not_stored', tenantId, connector: connector.slug, detail });
    }
  }
  // What the provider gave is good, stored or not.
  return { kind: 'fresh', ...fresh };
}

async function fail(needs: RefreshUpstreamNeeds, attempt: Attempt, error: unknown): Promise<RefreshResult> {
  const { tenantId, set, connector, fence, id } = attempt;
  const outcome = outcomeOf(error);
  const now = needs.now();
  const code = error instanceof UpstreamError ? error.code : null;
  const ended = {
    setId: set.id,
    fence,
    attemptId: id,
    outcome,
    errorCode: code,
    retryAt: retryAt(attempt, outcome, error, now),
  };
  const detail = error instanceof Error ? error.message : 'unknown';
  needs.trace({ name: 'upstream.refresh_failed', tenantId, connector: connector.slug, detail });
  const state = await needs.tokenSets.fail(tenantId, ended, now, performance.now() + STATEMENT_MS);
  if (outcome !== 'terminal') return { kind: 'unavailable' };
  if (state === 'dead') needs.trace({ name: 'upstream.dead', tenantId, connector: connector.slug, detail });
  return { kind: 'refused', state: state ?? 'at_risk' };
}

type Outcome = 'terminal' | 'transient' | 'misconfigured' | 'not-sent';

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof UpstreamError)) return 'transient';
  if (error.failure === 'rejected') return 'terminal';
  if (wasNotSent(error)) return 'not-sent';
  return error.failure === 'misconfigured' ? 'misconfigured' : 'transient';
}

/**
 * When the next attempt may be made. A single-use token that was sent and brought no answer may be spent: presenting it
 * again can end its whole chain, so it waits as long as the access token lasts.
 */
function retryAt({ set, upstream }: Attempt, outcome: Outcome, error: unknown, now: Date): Date {
  const asked = error instanceof UpstreamError ? error.retryAfterSeconds : null;
  const pause = asked === null ? PAUSE_MS[outcome] : Math.min(asked, 3_600) * 1_000;
  const soon = now.getTime() + pause;
  const unknown = outcome === 'transient' && upstream.provider.refresh.rotation === 'single-use';
  const last = (set.accessExpiresAt?.getTime() ?? 0) - LAST_CHANCE_MS;
  return new Date(unknown ? Math.max(soon, last) : soon);
}
