import type { Deadline, EventRegion, TenantId } from '@linkbroker/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { openEventTokens, type EventGrantState } from './event-grant-needs.js';
import { EVENT_LEASE_MS, refreshEventGrant, type RefreshEventGrantNeeds } from './refresh-event-grants.js';

/** The tokens of a living link, with the client and the region of its skill. */
export interface StoredEventGrant {
  readonly id: string;
  readonly state: Exclude<EventGrantState, null>;
  readonly version: number;
  readonly failures: number;
  readonly accessExpiresAt: Date;
  readonly sealed: Buffer;
  readonly region: EventRegion;
  readonly clientId: string;
  readonly sealedClientSecret: Buffer;
}

/** Whose events: a link of a skill. */
export interface EventLink {
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly linkId: string;
}

export interface FreshEventTokensNeeds extends RefreshEventGrantNeeds {
  readonly eventGrants: RefreshEventGrantNeeds['eventGrants'] & {
    find(link: EventLink, now: Date, deadline: Deadline): Promise<StoredEventGrant | undefined>;
    lease(
      tenantId: TenantId,
      grant: { id: string; version: number; leaseMs: number },
      deadline: Deadline,
    ): Promise<number | undefined>;
  };
}

export type FreshEventTokens =
  | { readonly kind: 'fresh'; readonly grant: StoredEventGrant; readonly accessToken: string }
  /** There is none for this link, or Amazon has taken it back. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unavailable' };

/** A token that lives shorter may be over when it arrives. */
const LEAST_MS = 30_000;
const POLL_MS = 150;

/**
 * An access token for a link's events: the one that is there, or a fresh one where it has run out or was refused.
 * @param refused the version whose token a gateway has refused
 * @throws errors of the stores and the vault
 */
export async function freshEventTokens(
  needs: FreshEventTokensNeeds,
  link: EventLink,
  refused: number | null,
  deadline: Deadline,
): Promise<FreshEventTokens> {
  for (let asked = false; ;) {
    const grant = await needs.eventGrants.find(link, needs.now(), deadline);
    if (!grant || grant.state === 'dead') return { kind: 'none' };
    const lives = grant.accessExpiresAt.getTime() > needs.now().getTime() + LEAST_MS;
    if (lives && (refused === null || grant.version > refused)) {
      const { accessToken } = await openEventTokens(needs, link.tenantId, grant, deadline);
      return { kind: 'fresh', grant, accessToken };
    }
    if (asked || performance.now() + POLL_MS >= deadline) return { kind: 'unavailable' };
    const began = performance.now();
    const lease = { id: grant.id, version: grant.version, leaseMs: EVENT_LEASE_MS };
    const fence = await needs.eventGrants.lease(link.tenantId, lease, deadline);
    if (fence === undefined) {
      await pause(POLL_MS);
      continue;
    }
    await refreshEventGrant(needs, { ...grant, ...link, fence }, began, deadline);
    asked = true;
  }
}
