import type { Connector } from '@linkbroker/contracts';
import { continueLink } from '@linkbroker/linking';
import { supportReference } from '@linkbroker/protocol';
import type { Upstream } from '@linkbroker/providers';
import type { ExecutionContext } from '@nestjs/common';
import type { BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';
import { callbackUrl } from './callback-url.js';
import { PassportRun } from './passport-run.js';
import { UpstreamStrategy, type RedirectLeg } from './upstream.strategy.js';

/** A hop to a provider about to begin. */
export interface HopToStart {
  readonly linkRequestId: string;
  readonly skillId: string;
  readonly connector: Connector;
  readonly upstream: Upstream;
  readonly browserSecret: string;
  /** Whether consent is asked for again. */
  readonly consent: boolean;
  /** Called once the attempt is bound, before the redirect is written. */
  readonly onBound?: () => void;
}

const NONCE_BYTES = 16;

/** Binds the attempt to the browser and answers with the redirect upstream. @throws PageMessage */
export async function startHop(needs: BrokerNeeds, context: ExecutionContext, hop: HopToStart): Promise<void> {
  const { linkRequestId, skillId, connector, upstream, browserSecret, consent } = hop;
  const nonce = needs.randomBytes(NONCE_BYTES).toString('base64url');
  const begin = async (codeVerifier: string): Promise<string> => {
    const { tenantId } = connector;
    const input = { linkRequestId, tenantId, skillId, browserSecret, connector, nonce, codeVerifier, consent };
    const result = await continueLink(needs, input);
    if (result.kind === 'stop') throw new PageMessage(result.stop, 410, supportReference(linkRequestId));
    hop.onBound?.();
    return result.upstreamState;
  };
  const leg: RedirectLeg = { kind: 'redirect', nonce, consent, begin };
  const strategy = new UpstreamStrategy(connector, upstream, callbackUrl(needs.publicUrl, connector), leg);
  await PassportRun.run(context, strategy, { query: {}, body: {}, headers: {} });
}
