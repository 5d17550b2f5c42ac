import type { Connector, Deadline, TenantId } from '@linkbroker/contracts';
import { buildRevocation, readRevocationResponse, UpstreamError } from '@linkbroker/providers';
import type { Ambient } from './needs.js';
import type { UpstreamTokenSet } from './refresh-attempt.js';
import { findUpstream, sendUpstream, type UpstreamNeeds } from './upstream-needs.js';
import { openTokens, type VaultNeeds } from './upstream-secrets.js';

interface ClaimedRevocation {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly connectorId: string;
  readonly tokenSetId: string;
  readonly attempts: number;
}

export interface RevokeUpstreamNeeds extends Ambient, UpstreamNeeds, Pick<VaultNeeds, 'open'> {
  readonly removedConnectors: {
    findRemovedToo(tenantId: TenantId, connectorId: string, deadline: Deadline): Promise<Connector | undefined>;
  };
  readonly tokenSets: {
    find(tenantId: TenantId, setId: string, deadline: Deadline): Promise<UpstreamTokenSet | undefined>;
  };
  readonly revocations: {
    claim(now: Date, leaseUntil: Date, deadline: Deadline): Promise<ClaimedRevocation | undefined>;
    finish(
      tenantId: TenantId,
      end: { id: string; state: 'done' | 'failed' | 'held'; error: string | null; next: Date | null },
      now: Date,
      deadline: Deadline,
    ): Promise<void>;
  };
}

const STATEMENT_MS = 5_000;
const HTTP_MS = 10_000;
const LEASE_MS = 5 * 60_000;
const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 60_000;
const MAX_PER_RUN = 200;

/**
 * Carries out the upstream revocations that are due: for each, its domain has just been locked and counted, and has no
 * live link. Failures are tried again with growing pauses and given up visibly.
 * @returns how many were carried out
 * @see R208, R213, ADR 0012
 */
export async function revokeUpstream(needs: RevokeUpstreamNeeds): Promise<number> {
  let done = 0;
  for (let turn = 0; turn < MAX_PER_RUN; turn += 1) {
    const now = needs.now();
    const leaseUntil = new Date(now.getTime() + LEASE_MS);
    const claimed = await needs.revocations.claim(now, leaseUntil, performance.now() + STATEMENT_MS);
    if (!claimed) break;
    if (await carryOut(needs, claimed)) done += 1;
  }
  return done;
}

async function carryOut(needs: RevokeUpstreamNeeds, claimed: ClaimedRevocation): Promise<boolean> {
  const { tenantId, id, attempts } = claimed;
  const connector = await needs.removedConnectors.findRemovedToo(
    tenantId,
    claimed.connectorId,
    performance.now() + STATEMENT_MS,
  );
  const { tokenSetId } = claimed;
  const where = { tenantId, tokenSetId, ...(connector && { connector: connector.slug }) };
  try {
    await send(needs, claimed, connector);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown';
    const gone = attempts >= MAX_ATTEMPTS;
    needs.trace({ name: 'upstream.revocation_failed', ...where, detail, figures: { attempts } });
    const next = gone ? null : new Date(needs.now().getTime() + FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10));
    const end = { id, state: gone ? 'failed' : 'held', error: detail, next } as const;
    await needs.revocations.finish(tenantId, end, needs.now(), performance.now() + STATEMENT_MS);
    return false;
  }
  const end = { id, state: 'done', error: null, next: null } as const;
  await needs.revocations.finish(tenantId, end, needs.now(), performance.now() + STATEMENT_MS);
  needs.trace({ name: 'upstream.revoked', ...where });
  return true;
}

/** Nothing to revoke with, or a provider that knows no revocation: what is stored is wiped all the same. */
async function send(
  needs: RevokeUpstreamNeeds,
  { tenantId, tokenSetId }: ClaimedRevocation,
  connector: Connector | undefined,
): Promise<void> {
  const deadline = performance.now() + HTTP_MS;
  const set = await needs.tokenSets.find(tenantId, tokenSetId, deadline);
  if (!connector) throw new UpstreamError('misconfigured', 'the connector is gone');
  if (!set || set.state === 'revoked') return;
  const upstream = await findUpstream(needs, connector, deadline);
  const tokens = await openTokens(needs, tenantId, set, deadline);
  const request = buildRevocation(upstream, connector, tokens, needs.now());
  if (!request) return;
  readRevocationResponse(upstream, await sendUpstream(needs, connector, request, deadline));
}
