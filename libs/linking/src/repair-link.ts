import { ALEXA_LIMITS } from '@linkbroker/alexa';
import { asTenantId, type Deadline, type TenantId } from '@linkbroker/contracts';
import {
  buildRepairToken,
  readRepairToken,
  supportReference,
  unavailable,
  type AuthorizationRequest,
} from '@linkbroker/protocol';
import type { Ambient, MacKeys } from './needs.js';

/** The link that an attempt shall renew, instead of making one. */
export interface RepairTarget {
  readonly linkId: string;
  readonly connectorId: string;
  /** Who has to sign in again. */
  readonly subject: string;
}

export interface RepairUrlNeeds {
  readonly keys: MacKeys;
  /** The broker's public address. */
  readonly publicUrl: string;
}

export interface StartRepairNeeds extends Ambient, RepairUrlNeeds {
  readonly links: {
    findRepairTarget(
      tenantId: TenantId,
      linkId: string,
      deadline: Deadline,
    ): Promise<
      (RepairTarget & { readonly skillId: string; readonly clientId: string; readonly live: boolean }) | undefined
    >;
  };
  readonly linkRequests: {
    create(
      id: string,
      origin: { tenantId: TenantId; skillId: string; request: AuthorizationRequest; repair: RepairTarget },
      ttlSeconds: number,
    ): Promise<void>;
  };
}

/** For how long a repair link is good: long enough for a household that reads its mail at the weekend. */
export const REPAIR_MS = 72 * 60 * 60_000;
const ID_BYTES = 16;

/** The address at which a household signs in again for a link, good for three days. @see ADR 0015 */
export function repairUrl(needs: RepairUrlNeeds, link: { tenantId: TenantId; linkId: string }, now: Date): string {
  const expiresAt = new Date(now.getTime() + REPAIR_MS);
  const macKeyId = needs.keys.signingKeyId(now);
  return `${needs.publicUrl}/repair/${buildRepairToken({ macKeyId, ...link, expiresAt }, needs.keys.lookup)}`;
}

/** Where a repair ends, instead of at Alexa: a page of ours. */
export const repairDoneUrl = (publicUrl: string): string => `${publicUrl}/repair/done`;

export type StartRepairResult =
  | { readonly kind: 'page'; readonly linkRequestId: string }
  | { readonly kind: 'stop'; readonly stop: 'not-found' | 'repair-expired' | 'repair-ended' };

/**
 * Begins an attempt that renews the sign-in behind a link. Alexa's grant is not touched: nothing is issued, and what
 * Alexa holds goes on working. A link that Alexa has lost cannot be repaired here, only linked again.
 * @throws OAuthError `temporarily_unavailable` for a key that is not in the ring
 * @see ADR 0015
 */
export async function startRepair(
  needs: StartRepairNeeds,
  token: string,
  deadline: Deadline,
): Promise<StartRepairResult> {
  const reading = readRepairToken(token, needs.keys.lookup);
  if (reading.kind === 'forged') return { kind: 'stop', stop: 'not-found' };
  if (reading.kind === 'unknown-key') throw unavailable(new Error(`MAC key ${String(reading.macKeyId)} is not here`));
  const tenantId = asTenantId(reading.claims.tenantId);
  const { linkId } = reading.claims;
  if (reading.claims.expiresAt <= needs.now()) return { kind: 'stop', stop: 'repair-expired' };
  const target = await needs.links.findRepairTarget(tenantId, linkId, deadline);
  if (!target?.live) return { kind: 'stop', stop: 'repair-ended' };
  const { skillId, clientId, connectorId, subject } = target;
  const id = needs.randomBytes(ID_BYTES).toString('base64url');
  const request: AuthorizationRequest = {
    clientId,
    responseType: 'code',
    redirectUri: repairDoneUrl(needs.publicUrl),
    scopes: [],
    state: id,
    codeChallenge: null,
  };
  const repair = { linkId, connectorId, subject };
  await needs.linkRequests.create(id, { tenantId, skillId, request, repair }, ALEXA_LIMITS.linkAttemptTtl);
  needs.trace({ name: 'repair.started', reference: supportReference(id), tenantId, skillId, linkId });
  return { kind: 'page', linkRequestId: id };
}
