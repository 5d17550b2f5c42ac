import type { TenantId } from '@linkbroker/contracts';
import type { AuthorizationRequest } from '@linkbroker/protocol';

/** How far an attempt has come. */
export type LinkRequestStatus = 'started' | 'redirected' | 'exchanging' | 'issued' | 'cancelled';

/** The validated request, fixed when the attempt begins. */
export interface LinkRequestOrigin {
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly request: AuthorizationRequest;
  /** The link whose sign-in is renewed; absent where one is made. */
  readonly repair?: { readonly linkId: string; readonly connectorId: string; readonly subject: string };
}

/** The upstream hop under way: set by the button, replaced when another is pressed. */
export interface UpstreamHop {
  readonly connectorId: string;
  readonly connectorSlug: string;
  /** SHA-256 of the state sent upstream, base64url. */
  readonly stateHash: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Whether consent is asked for again: at most once in a visit. */
  readonly consent: boolean;
}

/** An authorization request in flight: single use, at most 55 minutes, bound to one browser by the button. */
export interface LinkRequest extends LinkRequestOrigin {
  readonly id: string;
  readonly status: LinkRequestStatus;
  readonly hop: UpstreamHop | null;
}

export type BindOutcome = 'bound' | 'missing' | 'other-browser' | 'finished';

export type CancelOutcome = 'cancelled' | 'finished' | 'other-browser';

export type ClaimOutcome =
  | { readonly outcome: 'claimed'; readonly linkRequest: LinkRequest & { readonly hop: UpstreamHop } }
  | { readonly outcome: 'missing' | 'wrong-state' | 'other-browser' | 'repeated' };
