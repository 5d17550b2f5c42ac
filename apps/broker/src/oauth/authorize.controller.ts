import { PAGE_DEADLINE_MS } from '@linkbroker/contracts';
import { startLink } from '@linkbroker/linking';
import { supportReference } from '@linkbroker/protocol';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { PageMessage } from '../http/page-message.js';
import { contextOf } from '../http/request-context.js';

/** `/oauth/authorize`: where the Alexa app sends the household. */
@Controller('oauth/authorize')
export class AuthorizeController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @Get()
  async authorize(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = contextOf(request);
    const at = request.raw.url?.indexOf('?') ?? -1;
    const rawQuery = at < 0 ? '' : (request.raw.url ?? '').slice(at + 1);
    const result = await startLink(this.needs, rawQuery, context.startedAt + PAGE_DEADLINE_MS);
    if (result.kind === 'refused') throw new PageMessage('bad-client', 400, result.reference);
    if (result.kind === 'relay') {
      context.outcome = 'relayed';
      context.facts = {
        tenantId: result.skill.tenantId,
        skillId: result.skill.id,
        reference: result.reference,
      };
      reply.code(302).header('location', result.location).send();
      return;
    }
    if (result.kind === 'redirect') {
      context.outcome = result.error.code;
      reply.code(302).header('location', result.location).send();
      return;
    }
    const reference = supportReference(result.linkRequestId);
    context.facts = { tenantId: result.skill.tenantId, skillId: result.skill.id, reference };
    reply.code(303).header('location', `${this.needs.publicUrl}/link/${result.linkRequestId}`).send();
  }
}
