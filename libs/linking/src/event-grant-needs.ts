import type { Deadline, TenantId } from '@linkbroker/contracts';
import { z } from 'zod';
import type { SealedPlace, VaultNeeds } from './upstream-secrets.js';

/** What Login with Amazon gave, for the next version of an event grant. */
export interface EventTokensAnswer {
  readonly id: string;
  readonly fence: number;
  readonly version: number;
  readonly accessExpiresAt: Date;
  /** When it is refreshed while events are sent, and when otherwise. */
  readonly activeDueAt: Date;
  readonly dormantDueAt: Date;
  readonly sealed: Buffer;
  /** The fingerprint of the code that brought it; null for a refresh. */
  readonly code: Buffer | null;
}

/** How an attempt ended that brought nothing. */
export interface EventAttemptEnd {
  readonly id: string;
  readonly fence: number;
  readonly outcome: 'terminal' | 'transient' | 'misconfigured' | 'not-sent';
  readonly errorCode: string | null;
  /** When a refresh is tried again; null for a code. */
  readonly dueAt: Date | null;
}

/** `dead`: there is nothing to refresh it with any more. `null`: it never had tokens, and is gone. */
export type EventGrantState = 'active' | 'at_risk' | 'dead' | 'ended' | null;

/** The tokens of Login with Amazon for one link. */
export interface EventTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const tokens = z.object({ accessToken: z.string(), refreshToken: z.string() });

const placeOf = (tenantId: TenantId, id: string, version: number): SealedPlace => ({
  tenantId,
  row: id,
  field: 'event_grants.sealed',
  version,
});

export function sealEventTokens(
  needs: Pick<VaultNeeds, 'seal'>,
  tenantId: TenantId,
  grant: { readonly id: string; readonly version: number },
  { accessToken, refreshToken }: EventTokens,
  deadline: Deadline,
): Promise<Buffer> {
  const plain = Buffer.from(JSON.stringify({ accessToken, refreshToken }));
  return needs.seal(placeOf(tenantId, grant.id, grant.version), plain, deadline);
}

/** @throws DecryptionFailed: an incident, never "token missing" */
export async function openEventTokens(
  needs: Pick<VaultNeeds, 'open'>,
  tenantId: TenantId,
  grant: { readonly id: string; readonly version: number; readonly sealed: Buffer },
  deadline: Deadline,
): Promise<EventTokens> {
  const plain = await needs.open(placeOf(tenantId, grant.id, grant.version), grant.sealed, deadline);
  return tokens.parse(JSON.parse(plain.toString('utf8')));
}

/** The secret of a skill's client for events. */
export async function openEventsSecret(
  needs: Pick<VaultNeeds, 'open'>,
  tenantId: TenantId,
  skillId: string,
  sealed: Buffer,
  deadline: Deadline,
): Promise<string> {
  const place = { tenantId, row: skillId, field: 'skills.events_secret', version: 0 };
  return (await needs.open(place, sealed, deadline)).toString('utf8');
}

/** How long before its end a token is renewed, and over how long this is spread. @see R161 */
const LEAD_MS = 600_000;
const SPREAD_MS = 300_000;
/** A token that lives too short for that is renewed after this. */
const LEAST_MS = 60_000;
/** A refresh token lasts until the household takes it back (R160): what nobody uses is only looked at. */
const DORMANT_MS = 7 * 24 * 3_600_000;

/** @param random in [0, 1) */
export function scheduleEventRefresh(now: Date, accessExpiresAt: Date, random: number) {
  const active = accessExpiresAt.getTime() - LEAD_MS - SPREAD_MS * random;
  return {
    activeDueAt: new Date(Math.max(active, now.getTime() + LEAST_MS)),
    dormantDueAt: new Date(now.getTime() + DORMANT_MS * (1 + random * 0.2)),
  };
}
