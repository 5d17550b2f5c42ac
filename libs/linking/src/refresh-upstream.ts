import type { Deadline, TenantId } from '@linkbroker/contracts';
import { uuidV7 } from '@linkbroker/protocol';
import {
  buildRefresh,
  readTokenResponse,
  UpstreamError,
  type UpstreamTokens,
  type WireRequest,
} from '@linkbroker/providers';
import { endFailedRefresh, type FailRefreshNeeds } from './end-failed-refresh.js';
import { storeRefreshedTokens, type StoreRefreshNeeds } from './store-refreshed-tokens.js';
import { findUpstream, sendUpstream, type UpstreamNeeds } from './upstream-needs.js';
import { openTokens, type VaultNeeds } from './upstream-secrets.js';
import {
  HTTP_MS,
  LATEST_ANSWER_MS,
  LEASE_MS,
  STATEMENT_MS,
  type ConnectorLookup,
  type LeasedSet,
  type RefreshAttempt,
  type RefreshResult,
  type UpstreamTokenSet,
} from './refresh-attempt.js';

export interface RefreshUpstreamNeeds extends FailRefreshNeeds, StoreRefreshNeeds, VaultNeeds, UpstreamNeeds {
  readonly connectors: ConnectorLookup;
  readonly tokenSets: FailRefreshNeeds['tokenSets'] &
    StoreRefreshNeeds['tokenSets'] & {
      lease(
        tenantId: TenantId,
        lease: { setId: string; version: number; attemptId: string; leaseMs: number },
        now: Date,
        deadline: Deadline,
      ): Promise<number | undefined>;
      markSent(
        tenantId: TenantId,
        attempt: { setId: string; fence: number; attemptId: string },
        deadline: Deadline,
      ): Promise<boolean>;
    };
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
  const attemptId = uuidV7(needs.now(), needs.randomBytes(10));
  const lease = { setId: set.id, version: set.version, attemptId, leaseMs: LEASE_MS };
  const fence = await needs.tokenSets.lease(tenantId, lease, needs.now(), began + STATEMENT_MS);
  if (fence === undefined) return { kind: 'busy' };
  return perform(needs, { ...prepared, tenantId, set, fence, attemptId, failures: 0, began });
}

/**
 * The same for a set whose lease a claim has taken. Nothing is thrown: whatever goes wrong ends the attempt.
 * @param began when its claim was asked for (`performance.now()`)
 */
export async function refreshClaimed(
  needs: RefreshUpstreamNeeds,
  claimed: LeasedSet,
  began: number,
): Promise<RefreshResult> {
  const { tenantId, fence, attemptId, failures } = claimed;
  const leased = { tenantId, set: claimed, fence, attemptId, failures, began };
  const prepared = await prepare(needs, tenantId, claimed).catch((error: unknown) => error);
  if (isPrepared(prepared)) return perform(needs, { ...prepared, ...leased });
  const error = prepared instanceof Error ? prepared : new UpstreamError('misconfigured', 'nothing to refresh it with');
  await endFailedRefresh(needs, leased, error, false);
  return { kind: 'unavailable' };
}

type Prepared = Pick<RefreshAttempt, 'connector' | 'upstream' | 'secrets'> & { readonly request: WireRequest };

const isPrepared = (value: unknown): value is Prepared =>
  typeof value === 'object' && value !== null && 'request' in value;

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
    const where = { tenantId, tokenSetId: set.id, connector: connector.slug };
    needs.trace({ name: 'upstream.refresh_failed', ...where, detail: error.message });
    return { kind: 'unavailable' };
  }
}

async function perform(
  needs: RefreshUpstreamNeeds,
  attempt: RefreshAttempt & { readonly request: WireRequest },
): Promise<RefreshResult> {
  const { tenantId, set, fence, attemptId, connector, upstream, began } = attempt;
  if (performance.now() > began + HTTP_MS) {
    await endFailedRefresh(needs, attempt, new UpstreamError('unavailable', 'the turn came too late'), false);
    return { kind: 'unavailable' };
  }
  // Proves once more, right before the socket, that the lease is ours and the store can be written.
  const sent = { setId: set.id, fence, attemptId };
  if (!(await needs.tokenSets.markSent(tenantId, sent, performance.now() + STATEMENT_MS))) return { kind: 'busy' };
  // An answer may wait in a process that stands still: what it brings lives from before it was asked for.
  const asked = needs.now();
  let tokens: UpstreamTokens;
  try {
    // Counted from the lease as well: a process that stood still may find its token in other hands.
    const deadline = Math.min(performance.now() + HTTP_MS, began + LATEST_ANSWER_MS);
    const response = await sendUpstream(needs, connector, attempt.request, deadline);
    tokens = readTokenResponse(upstream, response, set.scopes, 'refresh', asked);
  } catch (error) {
    const { outcome, state } = await endFailedRefresh(needs, attempt, error, true);
    return outcome === 'terminal' ? { kind: 'refused', state: state ?? 'at_risk' } : { kind: 'unavailable' };
  }
  return storeRefreshedTokens(needs, attempt, tokens, asked);
}
