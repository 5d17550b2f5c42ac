import { eventOrder } from '@linkbroker/alexa';
import { sendAlexaEvent, type SentAlexaEvent } from '@linkbroker/linking';
import { OAuthError, parseJson } from '@linkbroker/protocol';
import { All, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { contextOf } from '../http/request-context.js';
import { writeJson } from '../http/write-oauth.js';
import { authenticateBackend } from './authenticate-backend.js';
import { readJsonRequest } from './read-json-request.js';

/** Milliseconds from the request's arrival: three attempts with their pauses. */
const DEADLINE_MS = 10_000;
const RETRY_AFTER_SECONDS = 5;

const DESCRIPTIONS = {
  no_event_grant: 'There are no tokens for events of this link.',
  skill_disabled: 'The household has disabled the skill.',
  event_refused: 'Alexa does not take this event.',
};

/** `/alexa/{skill}/events`: what the skill's own server tells Alexa. @see R165, ADR 0019 */
@Controller('alexa/:skill/events')
export class EventsController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @All()
  async send(@Param('skill') skill: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = contextOf(request);
    const deadline = context.startedAt + DEADLINE_MS;
    const client = await authenticateBackend(this.needs, skill, request, reply, deadline);
    const order = eventOrder.safeParse(parseJson(readJsonRequest(request)));
    if (!order.success) throw new OAuthError('invalid_request', describe(order.error.issues[0]));
    context.facts = { ...context.facts, linkId: order.data.link };
    const sent = await sendAlexaEvent(this.needs, client.skill, order.data, deadline);
    context.outcome = sent.kind === 'refused' ? sent.reason : sent.kind;
    write(reply, sent, order.data.event.header.messageId);
  }
}

function write(reply: FastifyReply, sent: SentAlexaEvent, messageId: string): void {
  if (sent.kind === 'delivered') writeJson(reply, 200, { status: 'delivered', messageId });
  else if (sent.kind === 'queued') writeJson(reply, 202, { status: 'queued', messageId });
  else if (sent.kind === 'refused') {
    const { reason, status, code } = sent;
    const gateway = {
      ...(status !== null && { gateway_status: status }),
      ...(code !== null && { gateway_code: code }),
    };
    const answer = { error: reason, error_description: DESCRIPTIONS[reason], ...gateway };
    writeJson(reply, reason === 'event_refused' ? 422 : 409, answer);
  } else {
    reply.header('retry-after', String(RETRY_AFTER_SECONDS));
    const description = sent.kind === 'under-way' ? 'This event is being sent.' : 'Alexa could not be told right now.';
    writeJson(reply, 503, { error: 'temporarily_unavailable', error_description: description });
  }
}

/** Says where the body is wrong, without repeating what it holds. */
function describe(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string {
  const place = (issue?.path ?? []).map(String).join('.').slice(0, 100);
  return `The body is no event for a link${place === '' ? '' : `: look at ${place}`}.`;
}
