import { PAGE_DEADLINE_MS } from '@linkbroker/contracts';
import { startRepair } from '@linkbroker/linking';
import { parameter, parseParameters, supportReference } from '@linkbroker/protocol';
import { renderMessagePage } from '@linkbroker/ui';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';
import { contextOf } from '../http/request-context.js';
import { languageOf, writePage } from '../http/write-page.js';

const STATUS = { 'not-found': 404, 'repair-expired': 410, 'repair-ended': 410 } as const;
const LINK_REQUEST_ID = /^[A-Za-z0-9_-]{22}$/;

/** Where a household signs in again for a link that Alexa keeps. @see ADR 0015 */
@Controller('repair')
export class RepairController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  /** The way back. It says how the attempt ended, if there was one, and does nothing. */
  @Get('done')
  async done(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = parseParameters((request.raw.url ?? '').split('?').slice(1).join('?'));
    const id = parameter(query, 'state') ?? '';
    const attempt = LINK_REQUEST_ID.test(id) ? await this.needs.linkRequests.find(id) : undefined;
    if (!attempt?.repair) throw new PageMessage('finished', 410);
    const reference = supportReference(id);
    const message = attempt.status === 'issued' ? 'repaired' : 'repair-cancelled';
    const context = contextOf(request);
    context.outcome = message;
    context.facts = { reference };
    writePage(request, reply, 200, renderMessagePage({ language: languageOf(request), message, reference }));
  }

  /** Looking begins an attempt, as with Alexa's links; the button on its page binds it. */
  @Get(':token')
  async start(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const context = contextOf(request);
    const started = await startRepair(this.needs, token, context.startedAt + PAGE_DEADLINE_MS);
    if (started.kind === 'stop') throw new PageMessage(started.stop, STATUS[started.stop]);
    context.outcome = 'repair_started';
    context.facts = { reference: supportReference(started.linkRequestId) };
    reply.code(303).header('location', `${this.needs.publicUrl}/link/${started.linkRequestId}`).send();
  }
}
