import { PAGE_DEADLINE_MS, type Connector, type Deadline } from '@linkbroker/contracts';
import {
  cancelLink,
  claimCallback,
  exchangeUpstreamCode,
  failUpstream,
  issueCode,
  readCallbackError,
  readUpstreamMetadata,
  verifyUpstreamIdentity,
  type ClaimedAttempt,
} from '@linkbroker/linking';
import { parameter, parseParameters, supportReference, type Parameters } from '@linkbroker/protocol';
import { UpstreamError, type OidcMetadata } from '@linkbroker/providers';
import { Controller, createParamDecorator, Get, Inject, Param, Req, Res, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';
import { contextOf } from '../http/request-context.js';
import { readBrowserSecret } from '../link/browser-cookie.js';
import { callbackUrl } from './callback-url.js';
import { PassportRun } from './passport-run.js';
import { upstreamPage } from './upstream-page.js';
import { UpstreamStrategy, type CallbackLeg } from './upstream.strategy.js';

/** Nest's guards run on an execution context; the callback runs passport only after the attempt has been claimed. */
const Context = createParamDecorator((_data: unknown, context: ExecutionContext) => context);

/** `/callback/{tenant}/{connector}`: the provider's redirect URI. */
@Controller('callback')
export class CallbackController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @Get(':tenant/:connector')
  async callback(
    @Param('tenant') tenant: string,
    @Param('connector') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Context() context: ExecutionContext,
  ): Promise<void> {
    const deadline = contextOf(request).startedAt + PAGE_DEADLINE_MS;
    const query = parseParameters((request.raw.url ?? '').split('?').slice(1).join('?'));
    const resolved = await this.needs.connectors.resolve(tenant, slug, deadline);
    const attempt = await this.claim(request, query, resolved);
    const { tenantId, skillId } = attempt;
    contextOf(request).facts = { tenantId, skillId, reference: supportReference(attempt.id) };
    const location = await this.finish(context, attempt, query, deadline);
    reply.code(302).header('location', location).send();
  }

  /** Nothing in the callback is believed before this. @throws PageMessage */
  private async claim(
    request: FastifyRequest,
    query: Parameters,
    connector: Awaited<ReturnType<BrokerNeeds['connectors']['resolve']>>,
  ): Promise<ClaimedAttempt> {
    const input = { connector, state: parameter(query, 'state'), browserSecret: readBrowserSecret(request) };
    const claim = await claimCallback(this.needs, input);
    if (claim.kind === 'claimed') return claim.attempt;
    if (claim.kind === 'no-cookie') {
      const path = `/link/${claim.linkRequestId}/restart`;
      throw new PageMessage('no-cookie', 400, supportReference(claim.linkRequestId), { path, label: 'start-here' });
    }
    const reference = claim.linkRequestId === null ? null : supportReference(claim.linkRequestId);
    throw new PageMessage(claim.stop, claim.stop === 'bad-request' ? 400 : 410, reference);
  }

  /** Exchanges, verifies, issues; a failure leaves the attempt open for another try. */
  private async finish(
    context: ExecutionContext,
    attempt: ClaimedAttempt,
    query: Parameters,
    deadline: Deadline,
  ): Promise<string> {
    try {
      const error = parameter(query, 'error');
      const refusal = error === undefined ? undefined : readCallbackError(error);
      if (refusal === 'denied') return await this.deny(attempt);
      if (refusal) throw refusal;
      const connector = await this.needs.connectors.find(attempt.tenantId, attempt.hop.connectorId, deadline);
      if (!connector) throw new UpstreamError('misconfigured', 'the connector has been removed');
      const metadata = await readUpstreamMetadata(this.needs, connector, deadline);
      checkIssuer(query, metadata);
      const identity = await this.signIn(context, { attempt, connector, metadata, query, deadline });
      const issued = await issueCode(this.needs, attempt, identity, deadline);
      const request = contextOf(context.switchToHttp().getRequest<FastifyRequest>());
      request.outcome = 'issued';
      request.facts = { ...request.facts, linkId: issued.linkId, grantId: issued.grantId };
      return issued.location;
    } catch (error) {
      if (error instanceof PageMessage) throw error;
      const failure = await failUpstream(this.needs, attempt, error);
      if (!(error instanceof UpstreamError)) this.needs.logger.error({ err: error }, 'finishing a link failed');
      throw upstreamPage(failure, attempt.id);
    }
  }

  private async deny(attempt: ClaimedAttempt): Promise<string> {
    const location = await cancelLink(this.needs, attempt.id, 'The sign-in was declined.');
    if (location === undefined) throw new PageMessage('finished', 410, supportReference(attempt.id));
    return location;
  }

  private async signIn(
    context: ExecutionContext,
    hop: {
      attempt: ClaimedAttempt;
      connector: Connector;
      metadata: OidcMetadata;
      query: Parameters;
      deadline: Deadline;
    },
  ) {
    const { attempt, connector, metadata, deadline } = hop;
    const code = parameter(hop.query, 'code');
    if (code === undefined || code.length > 4_096)
      throw new UpstreamError('rejected', 'the provider sent back no code');
    const redirectUri = callbackUrl(this.needs.publicUrl, connector);
    const { codeVerifier, nonce } = attempt.hop;
    const leg: CallbackLeg = {
      kind: 'callback',
      codeVerifier,
      exchange: (received) =>
        exchangeUpstreamCode(this.needs, connector, metadata, { code: received, codeVerifier, redirectUri }, deadline),
    };
    const strategy = new UpstreamStrategy(connector, metadata, redirectUri, leg);
    const { tokens } = await PassportRun.run(context, strategy, {
      query: { code, state: 'claimed' },
      body: {},
      headers: {},
    });
    const signIn = { idToken: tokens.idToken, nonce };
    const subject = await verifyUpstreamIdentity(this.needs, connector, metadata, signIn, deadline);
    const where = { tenantId: attempt.tenantId, skillId: attempt.skillId, connector: connector.slug };
    this.needs.trace({ name: 'upstream.identified', reference: supportReference(attempt.id), ...where });
    return { subject, tokens };
  }
}

/** The mix-up defence: an `iss` must be the connector's, and there where the provider promises one. @see RFC 9207 §2.4 */
function checkIssuer(query: Parameters, metadata: OidcMetadata): void {
  const issuer = parameter(query, 'iss');
  if (issuer === undefined ? metadata.sendsIssuer : issuer !== metadata.issuer) {
    throw new UpstreamError('misconfigured', 'the callback names another issuer than the connector does');
  }
}
