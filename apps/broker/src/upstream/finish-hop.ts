import type { Connector, Deadline } from '@linkbroker/contracts';
import {
  checkRepairSubject,
  exchangeUpstreamCode,
  findUpstream,
  finishRepair,
  identifySubject,
  issueCode,
  issueImplicitToken,
  readCallbackError,
  storeUpstreamTokens,
  type ClaimedAttempt,
  type UpstreamSignIn,
} from '@linkbroker/linking';
import { parameter, repeatedParameters, supportReference, type Parameters } from '@linkbroker/protocol';
import { namesIssuer, saysDeclined, UpstreamError, type Upstream } from '@linkbroker/providers';
import type { ExecutionContext } from '@nestjs/common';
import type { BrokerNeeds } from '../broker-needs.js';
import { callbackUrl } from './callback-url.js';
import { PassportRun } from './passport-run.js';
import { UpstreamStrategy, type CallbackLeg } from './upstream.strategy.js';

/** Back to Alexa with a code, a token or the household's no, to the end of a repair, or once more to the provider, for consent. */
export type FinishedHop =
  | { readonly kind: 'issued'; readonly location: string; readonly linkId: string; readonly grantId: string }
  | { readonly kind: 'repaired'; readonly location: string }
  | { readonly kind: 'other-account' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'consent'; readonly connector: Connector; readonly upstream: Upstream };

const LONGEST_CODE = 4_096;

/** The order of the way back, after the attempt has been claimed: exchange, identify, store, issue. @throws UpstreamError */
export async function finishHop(
  needs: BrokerNeeds,
  context: ExecutionContext,
  attempt: ClaimedAttempt,
  query: Parameters,
  deadline: Deadline,
): Promise<FinishedHop> {
  const connector = await needs.connectors.find(attempt.tenantId, attempt.hop.connectorId, deadline);
  if (!connector) throw new UpstreamError('misconfigured', 'the connector has been removed');
  const upstream = await findUpstream(needs, connector, deadline);
  const [repeated] = repeatedParameters(query, ['iss', 'code', 'error']);
  if (repeated !== undefined) throw new UpstreamError('misconfigured', `the callback repeats ${repeated}`);
  checkIssuer(query, upstream);
  const error = parameter(query, 'error');
  if (error !== undefined) {
    if (saysDeclined(upstream, error)) return { kind: 'declined' };
    throw readCallbackError(error);
  }
  const tokens = await exchange(needs, context, { attempt, connector, upstream, query, deadline });
  const user = parameter(query, 'user');
  const identity = await identifySubject(
    needs,
    connector,
    upstream,
    { tokens, nonce: attempt.hop.nonce, user },
    deadline,
  );
  const where = { tenantId: attempt.tenantId, skillId: attempt.skillId, connector: connector.slug };
  needs.trace({ name: 'upstream.identified', reference: supportReference(attempt.id), ...where });
  const { repair } = attempt;
  if (repair && !(await checkRepairSubject(needs, attempt, repair, identity.subject))) return { kind: 'other-account' };
  const signIn: UpstreamSignIn = { connector, upstream, identity, tokens };
  const stored = await storeUpstreamTokens(needs, attempt, signIn, deadline);
  if (stored.kind === 'consent') return { kind: 'consent', connector, upstream };
  if (repair) return { kind: 'repaired', location: await finishRepair(needs, attempt, repair) };
  const tie = { subject: identity.subject, tokenSetId: stored.tokenSetId };
  const issue = attempt.request.responseType === 'token' ? issueImplicitToken : issueCode;
  return { kind: 'issued', ...(await issue(needs, attempt, tie, deadline)) };
}

/** The code's exchange, run by passport with a strategy of this request. */
async function exchange(
  needs: BrokerNeeds,
  context: ExecutionContext,
  hop: { attempt: ClaimedAttempt; connector: Connector; upstream: Upstream; query: Parameters; deadline: Deadline },
) {
  const { attempt, connector, upstream, deadline } = hop;
  const code = parameter(hop.query, 'code');
  if (code === undefined || code.length > LONGEST_CODE)
    throw new UpstreamError('rejected', 'the provider sent back no code');
  const redirectUri = callbackUrl(needs.publicUrl, connector);
  const { codeVerifier } = attempt.hop;
  const { tenantId, skillId } = attempt;
  const about = { tenantId, skillId, reference: supportReference(attempt.id) };
  const leg: CallbackLeg = {
    kind: 'callback',
    codeVerifier,
    exchange: (received) =>
      exchangeUpstreamCode(needs, connector, upstream, { code: received, codeVerifier, redirectUri, about }, deadline),
  };
  const strategy = new UpstreamStrategy(connector, upstream, redirectUri, leg);
  const { tokens } = await PassportRun.run(context, strategy, {
    query: { code, state: 'claimed' },
    body: {},
    headers: {},
  });
  return tokens;
}

/** The mix-up defence: an `iss` must be the connector's, and there where the provider promises one. @see RFC 9207 §2.4 */
function checkIssuer(query: Parameters, upstream: Upstream): void {
  const issuer = parameter(query, 'iss');
  const wrong = issuer === undefined ? upstream.sendsIssuer : !namesIssuer(upstream, issuer);
  if (wrong) throw new UpstreamError('misconfigured', 'the callback names another issuer than the connector does');
}
