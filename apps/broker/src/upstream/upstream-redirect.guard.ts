import { PAGE_DEADLINE_MS, type Connector, type Deadline } from '@linkbroker/contracts';
import { findUpstream } from '@linkbroker/linking';
import { parameter, parseParameters } from '@linkbroker/protocol';
import { UpstreamError, type Upstream } from '@linkbroker/providers';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';
import { contextOf } from '../http/request-context.js';
import { readBrowserSecret, writeBrowserSecret } from '../link/browser-cookie.js';
import { connectorsOf, openAttempt, type OpenAttempt } from '../link/open-attempt.js';
import { checkSameOrigin } from '../link/same-origin.js';
import { startHop } from './start-hop.js';
import { upstreamPage } from './upstream-page.js';

const SECRET_BYTES = 32;

/** The button's POST: binds the attempt to this browser and sends it upstream. */
@Injectable()
export class UpstreamRedirectGuard implements CanActivate {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: { id: string } }>>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    checkSameOrigin(request, this.needs.publicUrl);
    const requestContext = contextOf(request);
    const deadline = requestContext.startedAt + PAGE_DEADLINE_MS;
    const open = await openAttempt(this.needs, request.params.id, deadline);
    requestContext.facts = { tenantId: open.skill.tenantId, skillId: open.skill.id, reference: open.reference };
    requestContext.outcome = 'redirected';
    const connector = await this.chosenConnector(open, request.body, deadline);
    const upstream = await this.upstreamOf(connector, open, deadline);
    const browserSecret = readBrowserSecret(request) ?? this.needs.randomBytes(SECRET_BYTES).toString('base64url');
    await startHop(this.needs, context, {
      linkRequestId: open.attempt.id,
      skillId: open.skill.id,
      connector,
      upstream,
      browserSecret,
      consent: false,
      onBound: () => {
        writeBrowserSecret(reply, browserSecret);
      },
    });
    return true;
  }

  private async chosenConnector(
    { attempt, skill, reference }: OpenAttempt,
    body: unknown,
    deadline: Deadline,
  ): Promise<Connector> {
    const slug = parameter(parseParameters(typeof body === 'string' ? body : ''), 'connector');
    const chosen = connectorsOf(attempt, skill).find((connector) => connector.slug === slug);
    const connector = chosen && (await this.needs.connectors.find(skill.tenantId, chosen.id, deadline));
    if (!connector) throw new PageMessage('bad-request', 400, reference);
    return connector;
  }

  private async upstreamOf(connector: Connector, open: OpenAttempt, deadline: Deadline): Promise<Upstream> {
    try {
      return await findUpstream(this.needs, connector, deadline);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const { tenantId, id: skillId } = open.skill;
      const where = { tenantId, skillId, reference: open.reference, connector: connector.slug };
      this.needs.trace({ name: 'upstream.failed', ...where, detail: error.message });
      throw upstreamPage(error.failure, open.attempt.id);
    }
  }
}
