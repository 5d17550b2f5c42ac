import { PAGE_DEADLINE_MS, type Deadline } from '@linkbroker/contracts';
import { cancelLink, claimCallback, failUpstream, readUpstreamState, type ClaimedAttempt } from '@linkbroker/linking';
import { parameter, parseParameters, supportReference, type Parameters } from '@linkbroker/protocol';
import { UpstreamError } from '@linkbroker/providers';
import {
  Controller,
  createParamDecorator,
  Get,
  Inject,
  Param,
  Post,
  Req,
  Res,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';
import { contextOf } from '../http/request-context.js';
import { readBrowserSecret } from '../link/browser-cookie.js';
import { finishHop, type FinishedHop } from './finish-hop.js';
import { startHop } from './start-hop.js';
import { upstreamPage } from './upstream-page.js';

/** Nest's guards run on an execution context; the callback runs passport only after the attempt has been claimed. */
const Context = createParamDecorator((_data: unknown, context: ExecutionContext) => context);

const HANDLE_BYTES = 24;
/** The name under which our own redirect carries a posted callback. */
const HANDLE = 'posted';

/** Nothing was stored; the way on leads back to the page of the repair. */
const otherAccount = (linkRequestId: string): PageMessage =>
  new PageMessage('repair-other-account', 400, supportReference(linkRequestId), {
    path: `/link/${linkRequestId}`,
    label: 'try-again',
  });

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
    // Fastify answers HEAD by the GET's handler; looking must not finish anything.
    if (request.method !== 'GET') throw new PageMessage('bad-request', 405);
    const deadline = contextOf(request).startedAt + PAGE_DEADLINE_MS;
    const query = await this.readQuery(request);
    const resolved = await this.needs.connectors.resolve(tenant, slug, deadline);
    const attempt = await this.claim(request, query, resolved);
    const { tenantId, skillId } = attempt;
    contextOf(request).facts = { tenantId, skillId, reference: supportReference(attempt.id) };
    const location = await this.finish(context, attempt, query, deadline);
    if (location !== undefined) reply.code(302).header('location', location).send();
  }

  /**
   * A `form_post` callback is a cross-site POST, to which the browser adds no cookie of ours: what it says waits under a
   * one-time handle for the GET it is redirected to, where the cookie comes along.
   * @see OAuth 2.0 Form Post Response Mode, R228
   */
  @Post(':tenant/:connector')
  async posted(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = typeof request.body === 'string' ? request.body : '';
    // Only what belongs to an attempt is kept: otherwise anybody could fill the store.
    const presented = readUpstreamState(parameter(parseParameters(body), 'state'));
    const attempt = presented && (await this.needs.linkRequests.find(presented.linkRequestId));
    if (attempt?.hop?.stateHash !== presented?.stateHash || !attempt) throw new PageMessage('bad-request', 400);
    const handle = this.needs.randomBytes(HANDLE_BYTES).toString('base64url');
    await this.needs.postedCallbacks.keep(handle, body);
    contextOf(request).outcome = 'posted';
    const path = (request.raw.url ?? '').split('?')[0] ?? '';
    reply.code(303).header('location', `${this.needs.publicUrl}${path}?${HANDLE}=${handle}`).send();
  }

  private async readQuery(request: FastifyRequest): Promise<Parameters> {
    const query = parseParameters((request.raw.url ?? '').split('?').slice(1).join('?'));
    const handle = parameter(query, HANDLE);
    if (handle === undefined) return query;
    const posted = await this.needs.postedCallbacks.take(handle);
    if (posted === undefined) throw new PageMessage('expired', 410);
    return parseParameters(posted);
  }

  /** Nothing in the callback is believed before this. @throws PageMessage */
  private async claim(
    request: FastifyRequest,
    query: Parameters,
    connector: Awaited<ReturnType<BrokerNeeds['connectors']['resolve']>>,
  ): Promise<ClaimedAttempt> {
    const pageReference = supportReference(request.id);
    const browserSecret = readBrowserSecret(request);
    const input = { connector, state: parameter(query, 'state'), browserSecret, pageReference };
    const claim = await claimCallback(this.needs, input);
    if (claim.kind === 'claimed') return claim.attempt;
    if (claim.kind === 'no-cookie') {
      const path = `/link/${claim.linkRequestId}/restart`;
      throw new PageMessage('no-cookie', 400, supportReference(claim.linkRequestId), { path, label: 'start-here' });
    }
    const reference = claim.linkRequestId === null ? null : supportReference(claim.linkRequestId);
    throw new PageMessage(claim.stop, claim.stop === 'bad-request' ? 400 : 410, reference);
  }

  /** Where to go; undefined when the redirect has been written. A failure leaves the attempt open for another try. */
  private async finish(
    context: ExecutionContext,
    attempt: ClaimedAttempt,
    query: Parameters,
    deadline: Deadline,
  ): Promise<string | undefined> {
    try {
      const finished = await finishHop(this.needs, context, attempt, query, deadline);
      if (finished.kind === 'other-account') throw otherAccount(attempt.id);
      if (finished.kind === 'declined') return await this.deny(context, attempt);
      return await this.goOn(context, attempt, finished);
    } catch (error) {
      if (error instanceof PageMessage) throw error;
      const failure = await failUpstream(this.needs, attempt, error);
      if (!(error instanceof UpstreamError)) this.needs.logger.error({ err: error }, 'finishing a link failed');
      throw upstreamPage(failure, attempt.id);
    }
  }

  private async goOn(
    context: ExecutionContext,
    attempt: ClaimedAttempt,
    finished: Exclude<FinishedHop, { kind: 'declined' | 'other-account' }>,
  ): Promise<string | undefined> {
    const http = context.switchToHttp().getRequest<FastifyRequest>();
    const request = contextOf(http);
    if (finished.kind === 'issued') {
      const { linkId, grantId, location } = finished;
      request.outcome = 'issued';
      request.facts = { ...request.facts, linkId, grantId };
      return location;
    }
    if (finished.kind === 'repaired') {
      request.outcome = 'repaired';
      return finished.location;
    }
    request.outcome = 'consent_again';
    const { tenantId, skillId, hop } = attempt;
    const where = { tenantId, skillId, connector: hop.connectorSlug };
    this.needs.trace({ name: 'upstream.consent_again', reference: supportReference(attempt.id), ...where });
    await this.needs.linkRequests.settle(attempt.id, 'started');
    const { connector, upstream } = finished;
    const browserSecret = readBrowserSecret(http) ?? '';
    await startHop(this.needs, context, {
      linkRequestId: attempt.id,
      skillId,
      connector,
      upstream,
      browserSecret,
      consent: true,
    });
    return undefined;
  }

  private async deny(context: ExecutionContext, attempt: ClaimedAttempt): Promise<string> {
    const browserSecret = readBrowserSecret(context.switchToHttp().getRequest<FastifyRequest>());
    const result = await cancelLink(this.needs, attempt.id, browserSecret, 'The sign-in was declined.');
    if (result.kind === 'stop') throw new PageMessage(result.stop, 410, supportReference(attempt.id));
    return result.location;
  }
}
