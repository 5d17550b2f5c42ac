import { buildLwaRefresh, readLwaAnswer, type LwaAnswer } from '@linkbroker/alexa';
import type { Deadline, TenantId } from '@linkbroker/contracts';
import {
  openEventsSecret,
  openEventTokens,
  scheduleEventRefresh,
  sealEventTokens,
  type EventAttemptEnd,
  type EventGrantState,
  type EventTokens,
  type EventTokensAnswer,
} from './event-grant-needs.js';
import type { Ambient } from './needs.js';
import { reach, wasNotSent, type UpstreamNeeds } from './upstream-needs.js';
import { expiryOf, randomShare, type VaultNeeds } from './upstream-secrets.js';

/** A grant whose lease a claim has taken, with the client it is refreshed with. */
export interface ClaimedEventGrant {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly skillId: string;
  readonly linkId: string;
  readonly version: number;
  readonly fence: number;
  /** Attempts in a row that brought nothing. */
  readonly failures: number;
  readonly sealed: Buffer;
  readonly clientId: string;
  readonly sealedClientSecret: Buffer;
}

export interface RefreshEventGrantNeeds extends Ambient, VaultNeeds, Pick<UpstreamNeeds, 'egress'> {
  readonly lwaTokenUrl: string;
  readonly eventGrants: {
    finish(tenantId: TenantId, answer: EventTokensAnswer, now: Date, deadline: Deadline): Promise<boolean>;
    fail(tenantId: TenantId, end: EventAttemptEnd, now: Date, deadline: Deadline): Promise<EventGrantState>;
  };
}

export interface RefreshEventGrantsNeeds extends RefreshEventGrantNeeds {
  readonly eventGrants: RefreshEventGrantNeeds['eventGrants'] & {
    claimDue(
      now: Date,
      claim: { limit: number; leaseMs: number },
      deadline: Deadline,
    ): Promise<readonly ClaimedEventGrant[]>;
  };
}

const STATEMENT_MS = 2_000;
const HTTP_MS = 8_000;
export const EVENT_LEASE_MS = 3 * HTTP_MS;
/** Under way at once: as many as egress lets through to one host. */
const AT_ONCE = 16;
/** A run ends before many of its turns have been left out, so that a shutdown does not wait for it. */
const RUN_MS = 19_000;

/**
 * Refreshes event grants that are due until nothing is or the run has lasted long enough. Claims are the database's, so it
 * does not matter who runs this or how many do.
 * @returns how many were refreshed
 * @throws DatabaseUnavailable when it could not claim
 * @see R161, ADR 0019
 */
export async function refreshEventGrants(needs: RefreshEventGrantsNeeds): Promise<number> {
  const end = performance.now() + RUN_MS;
  let refreshed = 0;
  while (performance.now() < end) {
    const began = performance.now();
    const claim = { limit: AT_ONCE, leaseMs: EVENT_LEASE_MS };
    const claimed = await needs.eventGrants.claimDue(needs.now(), claim, began + STATEMENT_MS);
    if (claimed.length === 0) break;
    const results = await Promise.all(claimed.map((grant) => refreshEventGrant(needs, grant, began)));
    refreshed += results.filter(Boolean).length;
  }
  return refreshed;
}

/**
 * Refreshes one grant whose lease was taken. Nothing is thrown: whatever goes wrong ends the attempt, or its lease runs out.
 * @param began before the lease was asked for (`performance.now()`)
 * @returns whether fresh tokens were stored
 */
export async function refreshEventGrant(
  needs: RefreshEventGrantNeeds,
  grant: ClaimedEventGrant,
  began: number,
  deadline: Deadline = began + HTTP_MS,
): Promise<boolean> {
  const until = Math.min(deadline, began + HTTP_MS);
  // An answer may wait in a process that stands still: what it brings lives from before it was asked for.
  const asked = needs.now();
  let held: EventTokens;
  let answer: LwaAnswer;
  try {
    held = await openEventTokens(needs, grant.tenantId, grant, until);
    answer = await ask(needs, grant, held, until);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    await fail(needs, grant, wasNotSent(error) ? 'not-sent' : 'transient', null, reason);
    return false;
  }
  if (answer.kind === 'refused') {
    await fail(needs, grant, answer.failure, answer.code, answer.reason);
    return false;
  }
  const { accessToken, refreshToken, expiresIn } = answer.tokens;
  return store(needs, grant, { accessToken, refreshToken: refreshToken ?? held.refreshToken }, asked, expiresIn);
}

async function ask(
  needs: RefreshEventGrantNeeds,
  { tenantId, skillId, clientId, sealedClientSecret }: ClaimedEventGrant,
  { refreshToken }: EventTokens,
  deadline: Deadline,
): Promise<LwaAnswer> {
  const clientSecret = await openEventsSecret(needs, tenantId, skillId, sealedClientSecret, deadline);
  const request = buildLwaRefresh(needs.lwaTokenUrl, { clientId, clientSecret }, refreshToken);
  const send = { ...request, purpose: 'upstream', deadline, circuit: `lwa ${skillId}` } as const;
  return readLwaAnswer(await reach(() => needs.egress.send(send)));
}

/** What cannot be stored is not lost: the refresh token that is there stays good (R160), and the grant is due again. */
async function store(
  needs: RefreshEventGrantNeeds,
  grant: ClaimedEventGrant,
  tokens: EventTokens,
  asked: Date,
  expiresIn: number,
): Promise<boolean> {
  const { tenantId, id, fence, skillId, linkId } = grant;
  const version = grant.version + 1;
  const accessExpiresAt = expiryOf(asked, expiresIn) ?? asked;
  const schedule = scheduleEventRefresh(needs.now(), accessExpiresAt, randomShare(needs.randomBytes));
  const deadline = performance.now() + STATEMENT_MS;
  const where = { tenantId, skillId, linkId };
  try {
    const sealed = await sealEventTokens(needs, tenantId, { id, version }, tokens, deadline);
    const answer = { id, fence, version, accessExpiresAt, ...schedule, sealed, code: null };
    const stored = await needs.eventGrants.finish(tenantId, answer, needs.now(), deadline);
    if (stored) needs.trace({ name: 'event_grant.refreshed', ...where });
    return stored;
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown';
    needs.trace({ name: 'event_grant.refresh_failed', ...where, outcome: 'not-stored', detail });
    return false;
  }
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Our own client is wrong until somebody has looked. */
const MISCONFIGURED_MS = 15 * 60_000;
/** A refused token is asked about again when that can count as evidence. */
const EVIDENCE_MS = 6 * 3_600_000;

async function fail(
  needs: RefreshEventGrantNeeds,
  { tenantId, id, fence, failures, skillId, linkId }: ClaimedEventGrant,
  outcome: EventAttemptEnd['outcome'],
  errorCode: string | null,
  detail: string,
): Promise<void> {
  const where = { tenantId, skillId, linkId };
  needs.trace({ name: 'event_grant.refresh_failed', ...where, outcome, detail });
  const now = needs.now();
  const pauses: Partial<Record<EventAttemptEnd['outcome'], number>> = {
    terminal: EVIDENCE_MS,
    misconfigured: MISCONFIGURED_MS,
  };
  const pause = pauses[outcome] ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
  const dueAt = new Date(now.getTime() + pause * (1 + randomShare(needs.randomBytes) * 0.2));
  const end = { id, fence, outcome, errorCode, dueAt };
  try {
    const state = await needs.eventGrants.fail(tenantId, end, now, performance.now() + STATEMENT_MS);
    if (state === 'dead') needs.trace({ name: 'event_grant.dead', ...where, detail });
  } catch {
    // The lease runs out by itself, and the claim has said when the grant is due again.
  }
}
