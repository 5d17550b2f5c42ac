import { CLIENT_MAX_AGE_MS, receiveSkillEvent, type ReceivedSkillEvent } from '@linkbroker/linking';
import type { Deadline, Skill } from '@linkbroker/contracts';
import { OAuthError, unavailable } from '@linkbroker/protocol';
import { All, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../../broker-needs.js';
import { contextOf } from '../../http/request-context.js';
import { writeJson, writeOAuthError } from '../../http/write-oauth.js';
import { readJsonRequest } from '../read-json-request.js';
import { authenticateSkillEvent } from './authenticate-skill-event.js';
import { SkillEventRefused } from './skill-event-refused.js';

/** Milliseconds from the request's arrival: Alexa waits eight seconds for a skill. @see R147 */
const DEADLINE_MS = 3_500;
const MOST_BYTES = 64 * 1024;

/** `/alexa/{skill}/skill-events`: what Alexa itself says, signed. @see R200–R205, ADR 0020 */
@Controller('alexa/:skill/skill-events')
export class SkillEventsController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @All()
  async receive(
    @Param('skill') clientId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const context = contextOf(request);
    const deadline = context.startedAt + DEADLINE_MS;
    const skill = await this.skillOf(clientId, request, reply, deadline);
    context.facts = { tenantId: skill.tenantId, skillId: skill.id };
    const body = readBody(request);
    try {
      const event = await authenticateSkillEvent(
        this.needs.skillEventAuthentication,
        skill,
        { headers: request.headers, body },
        deadline,
      );
      const received = await receiveSkillEvent(this.needs, skill, event, deadline);
      if (received.kind === 'refused') throw refusedToken(received);
      context.outcome = received.outcome;
      if (received.linkId !== undefined) context.facts = { ...context.facts, linkId: received.linkId };
      writeJson(reply, 200, {});
    } catch (error) {
      if (!(error instanceof SkillEventRefused)) throw error;
      context.outcome = error.refusal;
      this.traceRefused(skill, error);
      const isAway = error.refusal === 'unreachable';
      writeOAuthError(reply, isAway ? unavailable(error) : new OAuthError('invalid_request', error.message));
    }
  }

  /** @throws OAuthError `invalid_request` 405 for other methods, 404 where there is no such skill */
  private async skillOf(
    clientId: string,
    request: FastifyRequest,
    reply: FastifyReply,
    deadline: Deadline,
  ): Promise<Skill> {
    if (request.method !== 'POST') {
      reply.header('allow', 'POST');
      throw new OAuthError('invalid_request', 'Only POST is answered here.', { status: 405 });
    }
    // Nobody is refused from a cached copy.
    for (const maxAge of clientId.includes('\0') ? [] : [CLIENT_MAX_AGE_MS, 0]) {
      const client = await this.needs.clients.find(clientId, maxAge, deadline);
      if (client?.kind === 'alexa') return client.skill;
    }
    throw new OAuthError('invalid_request', "There is no such skill; the address is made of the skill's client id.", {
      status: 404,
    });
  }

  /** Anybody can be refused, so that is told a bounded number of times. */
  private traceRefused({ tenantId, id }: Skill, { refusal, detail, grantId }: SkillEventRefused): void {
    if (!this.needs.refusedSkillEvents.take(id, this.needs.now().getTime())) return;
    const where = { tenantId, skillId: id, ...(grantId !== undefined && { grantId }) };
    this.needs.trace({ name: 'skill_event.refused', ...where, outcome: refusal, detail });
  }
}

function readBody(request: FastifyRequest): string {
  const body = readJsonRequest(request);
  if (Buffer.byteLength(body) <= MOST_BYTES) return body;
  throw new OAuthError('invalid_request', 'The request body is too large.', { status: 413 });
}

const refusedToken = ({ reason, grantId }: Extract<ReceivedSkillEvent, { kind: 'refused' }>): SkillEventRefused =>
  new SkillEventRefused('token', "The event's access token is none of this skill that works.", reason, grantId);
