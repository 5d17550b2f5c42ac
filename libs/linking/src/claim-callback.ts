import type { TenantId } from '@linkbroker/contracts';
import { supportReference, type AuthorizationRequest } from '@linkbroker/protocol';
import { hashBrowserSecret, readUpstreamState, type StartedHop } from './continue-link.js';
import type { Ambient } from './needs.js';
import type { RepairTarget } from './repair-link.js';

/** An attempt taken for finishing. */
export interface ClaimedAttempt {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly request: AuthorizationRequest;
  readonly hop: StartedHop;
  /** Absent where a link is made. */
  readonly repair?: RepairTarget;
}

export interface ClaimCallbackNeeds extends Ambient {
  readonly linkRequests: {
    find(id: string): Promise<{ readonly tenantId: TenantId; readonly hop: StartedHop | null } | undefined>;
    claim(
      id: string,
      browserHash: string,
      stateHash: string,
    ): Promise<
      | { readonly outcome: 'claimed'; readonly linkRequest: ClaimedAttempt }
      | { readonly outcome: 'missing' | 'wrong-state' | 'other-browser' | 'repeated' }
    >;
  };
}

export interface CallbackInput {
  /** The connector the callback's path names, or undefined when it names none. */
  readonly connector: { readonly tenantId: TenantId; readonly connectorId: string } | undefined;
  readonly state: string | undefined;
  readonly browserSecret: string | undefined;
  /** What the page says where no attempt is known. */
  readonly pageReference: string;
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly attempt: ClaimedAttempt }
  /** The right state in a browser without our cookie: nothing is consumed, the household may start again here. */
  | { readonly kind: 'no-cookie'; readonly linkRequestId: string }
  | {
      readonly kind: 'stop';
      readonly stop: 'expired' | 'finished' | 'bad-request';
      readonly linkRequestId: string | null;
    };

/**
 * Claims the attempt a callback belongs to before anything else in the callback is believed, an error included: path,
 * state and browser must be the ones of the hop under way; one callback wins.
 * @see docs/linking.md, ADR 0005, RFC 9700 §4.7
 */
export async function claimCallback(needs: ClaimCallbackNeeds, input: CallbackInput): Promise<ClaimResult> {
  const presented = readUpstreamState(input.state);
  const { connector } = input;
  if (!presented || !connector) {
    const whose = connector ? { tenantId: connector.tenantId } : {};
    const detail = 'no state of ours or no such connector';
    return stop(needs, 'bad-request', null, { ...whose, reference: input.pageReference, detail });
  }
  const { linkRequestId, stateHash } = presented;
  const attempt = await needs.linkRequests.find(linkRequestId);
  const { tenantId } = attempt ?? connector;
  const hop = attempt?.hop;
  const wrong = whatIsWrong(connector, { attempt, stateHash });
  if (wrong || !hop) {
    const reason = attempt ? 'bad-request' : 'expired';
    return stop(needs, reason, linkRequestId, { tenantId, detail: wrong ?? 'no hop' });
  }
  const browserHash = input.browserSecret === undefined ? '' : hashBrowserSecret(input.browserSecret);
  const claim = await needs.linkRequests.claim(linkRequestId, browserHash, stateHash);
  if (claim.outcome === 'claimed') return { kind: 'claimed', attempt: claim.linkRequest };
  return notClaimed(needs, claim.outcome, { linkRequestId, tenantId, connector: hop.connectorSlug });
}

function notClaimed(
  needs: Ambient,
  outcome: 'missing' | 'wrong-state' | 'other-browser' | 'repeated',
  about: { readonly linkRequestId: string; readonly tenantId: TenantId; readonly connector: string },
): ClaimResult {
  const { linkRequestId, tenantId, connector } = about;
  if (outcome === 'other-browser') {
    const where = { reference: supportReference(linkRequestId), tenantId, connector };
    needs.trace({ name: 'callback.without_cookie', ...where });
    return { kind: 'no-cookie', linkRequestId };
  }
  return outcome === 'repeated'
    ? stop(needs, 'finished', linkRequestId, { tenantId, detail: 'a callback came before' })
    : stop(needs, 'expired', linkRequestId, { tenantId, detail: outcome });
}

/** Why a callback is not one of the hop under way, before the attempt is claimed. */
function whatIsWrong(
  connector: { readonly tenantId: TenantId; readonly connectorId: string },
  {
    attempt,
    stateHash,
  }: {
    readonly attempt: Awaited<ReturnType<ClaimCallbackNeeds['linkRequests']['find']>>;
    readonly stateHash: string;
  },
): string | undefined {
  if (!attempt) return 'no such attempt';
  const { hop, tenantId } = attempt;
  if (hop?.stateHash !== stateHash) return 'state of another hop';
  const same = hop.connectorId === connector.connectorId && tenantId === connector.tenantId;
  return same ? undefined : 'path of another connector';
}

function stop(
  needs: Ambient,
  reason: 'expired' | 'finished' | 'bad-request',
  linkRequestId: string | null,
  why: { readonly tenantId?: TenantId; readonly reference?: string; readonly detail: string },
): ClaimResult {
  const reference = linkRequestId === null ? {} : { reference: supportReference(linkRequestId) };
  needs.trace({ name: reason === 'finished' ? 'callback.repeated' : 'callback.refused', ...reference, ...why });
  return { kind: 'stop', stop: reason, linkRequestId };
}
