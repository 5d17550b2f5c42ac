import type { Deadline } from '@linkbroker/contracts';

export interface HousekeepingNeeds {
  readonly now: () => Date;
  readonly housekeeping: {
    expirePendingGrants(before: Date, limit: number, deadline: Deadline): Promise<number>;
    retireClientSecrets(now: Date, deadline: Deadline): Promise<number>;
    expireHandedOutTokens(before: Date, limit: number, deadline: Deadline): Promise<number>;
    forgetRefreshAttempts(before: Date, limit: number, deadline: Deadline): Promise<number>;
    forgetRefreshHours(before: Date, deadline: Deadline): Promise<number>;
    forgetRelayedTokens(before: Date, limit: number, deadline: Deadline): Promise<number>;
    forgetSkillEvents(before: Date, limit: number, deadline: Deadline): Promise<number>;
    destroyClosedTenant(
      now: Date,
      limit: number,
      deadline: Deadline,
    ): Promise<{ readonly removed: number } | undefined>;
  };
  readonly timelines: {
    keep(now: Date, deadline: Deadline): Promise<number>;
    forget(now: Date, limit: number, deadline: Deadline): Promise<number>;
  };
}

/** A code that ran out is kept for an hour, so that a late redemption can still be explained. */
const KEEP_EXPIRED_MS = 60 * 60_000;
/** Long enough to look into what happened to a link; evidence against a credential is kept with its set. */
const KEEP_ATTEMPTS_MS = 7 * 24 * 60 * 60_000;
/** A year and a month, to compare a season with the last. */
const KEEP_HOURS_MS = 400 * 24 * 60 * 60_000;
/** Alexa's event that says whose a grant is comes within an hour of the one that ends it (R204). */
const KEEP_SKILL_EVENTS_MS = 7 * 24 * 60 * 60_000;
const BATCH = 1_000;
/** A million links in use write more attempts in a day than batches of the other chores' size would take away. */
const JOURNAL_BATCH = 10_000;
const STATEMENT_MS = 10_000;
const MAX_BATCHES = 100;

/** Removes grants whose code nobody redeemed, in bounded batches; returns how many. Safe to repeat and to interrupt. */
export function expirePendingGrants(needs: HousekeepingNeeds): Promise<number> {
  const before = new Date(needs.now().getTime() - KEEP_EXPIRED_MS);
  return inBatches((deadline) => needs.housekeeping.expirePendingGrants(before, BATCH, deadline));
}

/** Forgets upstream tokens that Alexa was given and that have expired; returns how many. */
export function expireHandedOutTokens(needs: HousekeepingNeeds): Promise<number> {
  const before = new Date(needs.now().getTime() - KEEP_EXPIRED_MS);
  return inBatches((deadline) => needs.housekeeping.expireHandedOutTokens(before, BATCH, deadline));
}

/** Forgets attempts to refresh at providers that ended a week ago, and old counts of them; returns how many. */
export async function forgetRefreshAttempts(needs: HousekeepingNeeds): Promise<number> {
  const now = needs.now().getTime();
  const hours = await needs.housekeeping.forgetRefreshHours(
    new Date(now - KEEP_HOURS_MS),
    performance.now() + STATEMENT_MS,
  );
  const before = new Date(now - KEEP_ATTEMPTS_MS);
  const attempts = await inBatches(
    (deadline) => needs.housekeeping.forgetRefreshAttempts(before, JOURNAL_BATCH, deadline),
    JOURNAL_BATCH,
  );
  return hours + attempts;
}

/** Forgets what existing servers answered to relays, a day after it was presented; returns how many. */
export function forgetRelayedTokens(needs: HousekeepingNeeds): Promise<number> {
  return inBatches(
    (deadline) => needs.housekeeping.forgetRelayedTokens(needs.now(), JOURNAL_BATCH, deadline),
    JOURNAL_BATCH,
  );
}

/** Forgets skill events of Alexa's that were handled, and disablements, a week later; returns how many. */
export function forgetSkillEvents(needs: HousekeepingNeeds): Promise<number> {
  const before = new Date(needs.now().getTime() - KEEP_SKILL_EVENTS_MS);
  return inBatches((deadline) => needs.housekeeping.forgetSkillEvents(before, BATCH, deadline));
}

/**
 * Destroys what is left of tenants that were closed and whose upstream revocations have ended, keys first; how many rows
 * went. What a run does not come to is the next one's.
 */
export async function destroyClosedTenants({
  now,
  housekeeping,
}: Pick<HousekeepingNeeds, 'now' | 'housekeeping'>): Promise<number> {
  let removed = 0;
  for (let turn = 0; turn < MAX_BATCHES; turn += 1) {
    const part = await housekeeping.destroyClosedTenant(now(), JOURNAL_BATCH, performance.now() + STATEMENT_MS);
    if (!part) break;
    removed += part.removed;
  }
  return removed;
}

/** Makes room for the timelines to come, and forgets what is older than its tenant keeps it; returns how much went. */
export async function keepTimeline(needs: HousekeepingNeeds): Promise<number> {
  const now = needs.now();
  const changed = await needs.timelines.keep(now, performance.now() + STATEMENT_MS);
  const gone = await inBatches((deadline) => needs.timelines.forget(now, JOURNAL_BATCH, deadline), JOURNAL_BATCH);
  return changed + gone;
}

async function inBatches(removeBatch: (deadline: Deadline) => Promise<number>, batch = BATCH): Promise<number> {
  let removed = 0;
  for (let turn = 0; turn < MAX_BATCHES; turn += 1) {
    const gone = await removeBatch(performance.now() + STATEMENT_MS);
    removed += gone;
    if (gone < batch) break;
  }
  return removed;
}

/** Retires replaced client secrets that have been unseen for 30 days; returns how many. */
export function retireClientSecrets(needs: HousekeepingNeeds): Promise<number> {
  return needs.housekeeping.retireClientSecrets(needs.now(), performance.now() + STATEMENT_MS);
}
