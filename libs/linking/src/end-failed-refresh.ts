import type { Deadline, TenantId } from '@linkbroker/contracts';
import { UpstreamError } from '@linkbroker/providers';
import type { Ambient } from './needs.js';
import { STATEMENT_MS, type RefreshAttempt, type TokenSetState } from './refresh-attempt.js';
import type { CountRefreshNeeds, RefreshBucket } from './refresh-buckets.js';
import { wasNotSent } from './upstream-needs.js';
import { randomShare } from './upstream-secrets.js';

export type RefreshOutcome = 'terminal' | 'transient' | 'misconfigured' | 'not-sent';

export interface FailRefreshNeeds extends Ambient, CountRefreshNeeds {
  readonly tokenSets: {
    fail(
      tenantId: TenantId,
      attempt: {
        setId: string;
        fence: number;
        attemptId: string;
        outcome: RefreshOutcome;
        errorCode: string | null;
        retryAt: Date | null;
        dueAt: Date | null;
      },
      now: Date,
      deadline: Deadline,
    ): Promise<{ state: TokenSetState | null; parked: 'misconfigured' | 'burst' | null }>;
  };
}

/** What of an attempt its end needs; the rest is there once it was prepared. */
export type EndingAttempt = Pick<RefreshAttempt, 'tenantId' | 'set' | 'fence' | 'attemptId' | 'failures'> &
  Partial<Pick<RefreshAttempt, 'connector' | 'upstream'>>;

/** Pauses after an attempt that brought nothing, unless the provider names one. */
const PAUSE_MS: Readonly<Record<RefreshOutcome, number>> = {
  terminal: 30_000,
  misconfigured: 30_000,
  transient: 5_000,
  'not-sent': 1_000,
};
/** How long before the access token's end a single-use token whose fate is unknown is tried again. */
const LAST_CHANCE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** The worker tries again after a pause that doubles up to this. */
const LONGEST_BACKOFF_MS = 15 * 60_000;
/** A refused token is asked about again by the worker only when that can count as evidence. */
const EVIDENCE_MS = 6 * 3_600_000;

/**
 * Ends an attempt that brought nothing: the journal says how, the lease goes back, and the evidence is judged.
 * @param tried whether the request was about to be sent; false ends it as never sent
 */
export async function endFailedRefresh(
  needs: FailRefreshNeeds,
  attempt: EndingAttempt,
  error: unknown,
  tried: boolean,
): Promise<{ readonly outcome: RefreshOutcome; readonly state: TokenSetState | null }> {
  const { tenantId, set, fence, attemptId, connector } = attempt;
  const outcome = tried ? outcomeOf(error) : 'not-sent';
  const now = needs.now();
  const errorCode = error instanceof UpstreamError ? error.code : null;
  const retry = retryAt(attempt, outcome, error, now);
  const ended = { setId: set.id, fence, attemptId, outcome, errorCode, retryAt: retry };
  const due = { dueAt: dueAt(needs, attempt, outcome, retry, now) };
  const where = { tenantId, tokenSetId: set.id, ...(connector && { connector: connector.slug }) };
  const detail = error instanceof Error ? error.message : 'unknown';
  needs.trace({ name: 'upstream.refresh_failed', ...where, detail });
  const { state, parked } = await needs.tokenSets.fail(
    tenantId,
    { ...ended, ...due },
    now,
    performance.now() + STATEMENT_MS,
  );
  needs.countUpstreamRefresh(connector, state === 'dead' ? 'dead' : BUCKETS[outcome]);
  if (state === 'dead') needs.trace({ name: 'upstream.dead', ...where, detail });
  if (state === 'at_risk' && set.state !== 'at_risk') needs.trace({ name: 'upstream.at_risk', ...where, detail });
  if (parked !== null) needs.trace({ name: 'connector.parked', ...where, detail: parked });
  return { outcome, state };
}

const BUCKETS: Readonly<Record<RefreshOutcome, RefreshBucket>> = {
  terminal: 'refused',
  transient: 'transient',
  misconfigured: 'misconfigured',
  'not-sent': 'not_sent',
};

function outcomeOf(error: unknown): RefreshOutcome {
  if (!(error instanceof UpstreamError)) return 'transient';
  if (error.failure === 'rejected') return 'terminal';
  if (wasNotSent(error)) return 'not-sent';
  return error.failure === 'misconfigured' ? 'misconfigured' : 'transient';
}

/**
 * When somebody who needs the token may ask again. A single-use token that was sent and brought no answer may be spent:
 * presenting it again can end its whole chain, so it waits as long as the access token lasts.
 */
function retryAt({ set, upstream }: EndingAttempt, outcome: RefreshOutcome, error: unknown, now: Date): Date {
  const asked = error instanceof UpstreamError ? error.retryAfterSeconds : null;
  const pause = asked === null ? PAUSE_MS[outcome] : Math.min(asked * 1_000, LONGEST_PAUSE_MS);
  const soon = now.getTime() + pause;
  const unknown = outcome === 'transient' && upstream?.provider.refresh.rotation === 'single-use';
  const last = (set.accessExpiresAt?.getTime() ?? 0) - LAST_CHANCE_MS;
  return new Date(unknown ? Math.max(soon, last) : soon);
}

/** When the worker asks again by itself: later each time, and not everybody at once after an outage. */
function dueAt(needs: Ambient, { failures }: EndingAttempt, outcome: RefreshOutcome, retry: Date, now: Date): Date {
  const random = randomShare(needs.randomBytes);
  if (outcome === 'terminal') return new Date(now.getTime() + EVIDENCE_MS * (1 + random * 0.1));
  const backoff = Math.min(LONGEST_BACKOFF_MS, PAUSE_MS.transient * 2 ** Math.min(failures, 10));
  return new Date(Math.max(retry.getTime(), now.getTime() + backoff * (1 + random)));
}
