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
  if (!presented || !input.connector) return stop(needs, 'bad-request', null, 'no state of ours or no such connector');
  const { linkRequestId, stateHash } = presented;
  const attempt = await needs.linkRequests.find(linkRequestId);
  if (!attempt) return stop(needs, 'expired', linkRequestId, 'no such attempt');
  const { hop } = attempt;
  if (hop?.stateHash !== stateHash) return stop(needs, 'bad-request', linkRequestId, 'state of another hop');
  if (hop.connectorId !== input.connector.connectorId || attempt.tenantId !== input.connector.tenantId) {
    return stop(needs, 'bad-request', linkRequestId, 'path of another connector');
  }
  const browserHash = input.browserSecret === undefined ? '' : hashBrowserSecret(input.browserSecret);
  const claim = await needs.linkRequests.claim(linkRequestId, browserHash, stateHash);
  if (claim.outcome === 'claimed') return { kind: 'claimed', attempt: claim.linkRequest };
  if (claim.outcome === 'other-browser') {
    const connector = hop.connectorSlug;
    needs.trace({ name: 'callback.without_cookie', reference: supportReference(linkRequestId), connector });
    return { kind: 'no-cookie', linkRequestId };
  }
  if (claim.outcome === 'repeated') return stop(needs, 'finished', linkRequestId, 'a callback came before');
  return stop(needs, 'expired', linkRequestId, claim.outcome);
}

function stop(
  needs: Ambient,
  reason: 'expired' | 'finished' | 'bad-request',
  linkRequestId: string | null,
  detail: string,
): ClaimResult {
  const reference = linkRequestId === null ? {} : { reference: supportReference(linkRequestId) };
  needs.trace({ name: reason === 'finished' ? 'callback.repeated' : 'callback.refused', ...reference, detail });
  return { kind: 'stop', stop: reason, linkRequestId };
}
