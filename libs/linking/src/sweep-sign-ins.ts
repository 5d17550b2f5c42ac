import type { Deadline, TenantId } from '@linkbroker/contracts';
import { findProvider } from '@linkbroker/providers';
import type { Ambient } from './needs.js';

interface ScannedSignIn {
  readonly setId: string;
  readonly tenantId: TenantId;
  readonly tenant: string;
  readonly connector: string;
  readonly provider: string;
  readonly revokeUpstream: 'never' | 'last-link';
  readonly live: number | null;
  readonly superseded: number;
  readonly endedAt: Date | null;
  readonly issued: number;
  readonly asked: boolean;
}

export interface SweepSignInsNeeds extends Ambient {
  readonly signIns: {
    scan(after: string, limit: number, before: Date, now: Date, deadline: Deadline): Promise<readonly ScannedSignIn[]>;
    hold(tenantId: TenantId, setId: string, now: Date, deadline: Deadline): Promise<boolean>;
  };
  /** Days after the last grant's end from which on a sign-in counts as stale. */
  readonly staleDays: number;
}

/**
 * What is to be said of a sign-in.
 *
 * - `unused`: no living grant, and the last one ended long ago. Its revocation may be asked for.
 * - `asked`: the same, and it has been asked for already.
 * - `never`: the same, but the connector says that nothing is revoked upstream.
 * - `superseded`: alive, with grants that a later re-link has probably replaced. Kept: they may be another person's, who
 *   has an Alexa account of their own, and nobody is unlinked on a guess.
 * - `ceiling`: alive, and the provider has issued as many refresh tokens as it lets live; the oldest die without a word.
 *   Kept: a revocation would end the living ones too.
 */
export type StaleReason = 'unused' | 'asked' | 'never' | 'superseded' | 'ceiling';

/** A line of the report. */
export interface StaleSignIn extends ScannedSignIn {
  readonly reason: StaleReason;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const PAGE = 500;
const STATEMENT_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;

/** What a scanned sign-in is, or undefined when there is nothing to say. @see R208, R210, R213, ADR 0012 */
export function judgeSignIn(found: ScannedSignIn, before: Date): StaleReason | undefined {
  if (found.live === null) return undefined;
  if (found.live === 0) {
    if (found.endedAt !== null && found.endedAt >= before) return undefined;
    if (found.asked) return 'asked';
    return found.revokeUpstream === 'never' ? 'never' : 'unused';
  }
  const ceiling = findProvider(found.provider)?.refresh.ceiling;
  if (ceiling !== undefined && ceiling > 1 && found.issued >= ceiling) return 'ceiling';
  return found.superseded > 0 ? 'superseded' : undefined;
}

/** Reads through all sign-ins, page by page, and changes nothing. */
export async function* findStaleSignIns(needs: SweepSignInsNeeds): AsyncGenerator<StaleSignIn> {
  const now = needs.now();
  const before = new Date(now.getTime() - needs.staleDays * DAY_MS);
  for (let after = FIRST; ;) {
    const page = await needs.signIns.scan(after, PAGE, before, now, performance.now() + STATEMENT_MS);
    const last = page.at(-1);
    if (!last) return;
    for (const found of page) {
      const reason = judgeSignIn(found, before);
      if (reason !== undefined) yield { ...found, reason };
    }
    after = last.setId;
  }
}

/**
 * Asks for the revocation of sign-ins that nobody has needed for long. Held for an hour and counted again before it is
 * carried out, like any other; safe to repeat and to interrupt.
 * @returns how many were asked for
 */
export async function sweepSignIns(needs: SweepSignInsNeeds): Promise<number> {
  let held = 0;
  for await (const { reason, tenantId, setId, connector } of findStaleSignIns(needs)) {
    if (reason !== 'unused') continue;
    if (!(await needs.signIns.hold(tenantId, setId, needs.now(), performance.now() + STATEMENT_MS))) continue;
    needs.trace({ name: 'upstream.stale', tenantId, connector, detail: 'no grant needs this sign-in any more' });
    held += 1;
  }
  return held;
}
