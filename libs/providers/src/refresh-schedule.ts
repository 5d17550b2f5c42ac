import type { UpstreamProvider } from './upstream-provider.js';

/** What is known of a set that has just been stored. */
export interface StoredLife {
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
}

/** When a set is to be refreshed next: while somebody uses it, and while it only has to stay alive. Null: never. */
export interface RefreshSchedule {
  readonly activeDueAt: Date | null;
  readonly dormantDueAt: Date | null;
}

const DAY_MS = 86_400_000;
/** Where a provider says nothing about idle tokens, one that nobody uses is refreshed this often. */
const KEEP_ALIVE_MS = 7 * DAY_MS;
const LONGEST_KEEP_ALIVE_MS = 60 * DAY_MS;
const SHORTEST_LEAD_MS = 60_000;
const LONGEST_LEAD_MS = 15 * 60_000;
/** Share of an access token's life by which it is renewed early. */
const LEAD_SHARE = 0.15;

/**
 * Decides when a set is refreshed next. In use, it is renewed some while before its access token ends, earlier by up to
 * half of that again, so that what was linked together is not refreshed together. Unused, it is refreshed only as often as
 * keeps it alive: twice in the time after which the provider lets an idle or old refresh token die.
 * @param random in [0, 1)
 * @see R210, ADR 0011
 */
export function scheduleRefresh(
  { refresh }: UpstreamProvider,
  life: StoredLife,
  now: Date,
  random: number,
): RefreshSchedule {
  const byToken = refresh.kind === 'refresh_token' && life.hasRefreshToken;
  if (!byToken && refresh.kind !== 'exchange') return { activeDueAt: null, dormantDueAt: null };
  const soonest = now.getTime() + (refresh.minIntervalSeconds ?? 0) * 1_000;
  const at = (moment: number): Date => new Date(Math.max(moment, soonest));
  const active = activeDue(life.accessExpiresAt, now, random);
  const alive = now.getTime() + keepAlive(refresh, life, now) * (1 - random * 0.1);
  // What is traded for a new one while it lives has to be traded before it ends.
  const dormant = refresh.kind === 'exchange' ? (active ?? alive) : alive;
  return { activeDueAt: at(active ?? alive), dormantDueAt: at(dormant) };
}

function activeDue(accessExpiresAt: Date | null, now: Date, random: number): number | undefined {
  if (accessExpiresAt === null) return undefined;
  const life = accessExpiresAt.getTime() - now.getTime();
  const lead = Math.min(LONGEST_LEAD_MS, Math.max(SHORTEST_LEAD_MS, life * LEAD_SHARE));
  const due = accessExpiresAt.getTime() - lead * (1 + random * 0.5);
  // A token that lives for minutes is not refreshed all the time.
  return Math.max(due, now.getTime() + life / 2);
}

/** Milliseconds after which an unused set is refreshed again. */
function keepAlive(
  { idleSeconds, rotation }: UpstreamProvider['refresh'],
  { refreshExpiresAt }: StoredLife,
  now: Date,
): number {
  // Where use brings no new refresh token, its end cannot be put off; only idleness can.
  const end = rotation === 'none' ? null : refreshExpiresAt;
  const limits = [
    ...(idleSeconds === undefined ? [] : [idleSeconds * 1_000]),
    ...(end === null ? [] : [end.getTime() - now.getTime()]),
  ];
  if (limits.length === 0) return rotation === 'none' ? LONGEST_KEEP_ALIVE_MS : KEEP_ALIVE_MS;
  return Math.min(LONGEST_KEEP_ALIVE_MS, Math.max(0, Math.min(...limits) / 2));
}
