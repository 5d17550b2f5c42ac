import type { TenantId } from '@linkbroker/contracts';
import { sha256, supportReference } from '@linkbroker/protocol';
import type { Ambient } from './needs.js';

/** The upstream hop the button starts. */
export interface StartedHop {
  readonly connectorId: string;
  readonly connectorSlug: string;
  readonly stateHash: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Whether consent is asked for again: at most once in a visit. */
  readonly consent: boolean;
}

export interface ContinueLinkNeeds extends Ambient {
  readonly linkRequests: {
    bind(id: string, browserHash: string, hop: StartedHop): Promise<'bound' | 'missing' | 'other-browser' | 'finished'>;
  };
}

export interface ContinueLinkInput {
  readonly linkRequestId: string;
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly browserSecret: string;
  readonly connector: { readonly id: string; readonly slug: string };
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly consent: boolean;
}

/** An attempt that cannot go on, and what the household is told. */
export type LinkStop = 'expired' | 'finished' | 'other-browser';

export type ContinueLinkResult =
  { readonly kind: 'go'; readonly upstreamState: string } | { readonly kind: 'stop'; readonly stop: LinkStop };

/** Only its hash is stored. */
export const hashBrowserSecret = (secret: string): string => sha256(secret).toString('base64url');

const STATE_BYTES = 24;

/**
 * Binds the attempt to the browser that pressed the button and makes the state of the upstream hop:
 * `<link request id>.<secret>`. Pressing another button later replaces the hop, not the binding.
 * @see docs/linking.md
 */
export async function continueLink(needs: ContinueLinkNeeds, input: ContinueLinkInput): Promise<ContinueLinkResult> {
  const secret = needs.randomBytes(STATE_BYTES).toString('base64url');
  const outcome = await needs.linkRequests.bind(input.linkRequestId, hashBrowserSecret(input.browserSecret), {
    connectorId: input.connector.id,
    connectorSlug: input.connector.slug,
    stateHash: sha256(secret).toString('base64url'),
    nonce: input.nonce,
    codeVerifier: input.codeVerifier,
    consent: input.consent,
  });
  if (outcome !== 'bound') return { kind: 'stop', stop: outcome === 'missing' ? 'expired' : outcome };
  needs.trace({
    name: 'upstream.redirected',
    reference: supportReference(input.linkRequestId),
    tenantId: input.tenantId,
    skillId: input.skillId,
    connector: input.connector.slug,
    ...(input.consent && { detail: 'asking for consent again' }),
  });
  return { kind: 'go', upstreamState: `${input.linkRequestId}.${secret}` };
}

/** Takes an upstream state apart; undefined when it is not one of ours. */
export function readUpstreamState(state: string | undefined): { linkRequestId: string; stateHash: string } | undefined {
  const match = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{32})$/.exec(state ?? '');
  if (!match?.[1] || !match[2]) return undefined;
  return { linkRequestId: match[1], stateHash: sha256(match[2]).toString('base64url') };
}
