import {
  buildAcceptGrantError,
  buildAcceptGrantResponse,
  buildInvalidDirective,
  readDirective,
  type AcceptGrantDirective,
} from '@linkbroker/alexa';
import type { RegisteredClient } from '@linkbroker/contracts';
import { acceptGrant } from '@linkbroker/linking';
import { OAuthError } from '@linkbroker/protocol';
import { All, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { contextOf } from '../http/request-context.js';
import { writeJson } from '../http/write-oauth.js';
import { authenticateBackend } from './authenticate-backend.js';
import { readJsonRequest } from './read-json-request.js';

/** Milliseconds from the request's arrival: Alexa waits eight seconds for the skill, which has a way of its own. @see R147 R158 */
const DEADLINE_MS = 3_700;
const ONLY_ACCEPT_GRANT = 'Send Alexa.Authorization AcceptGrant directives here; the skill answers all others itself.';
const BROKEN = 'The AcceptGrant directive has no payload version 3, no authorization code or no bearer token.';

/** `/alexa/{skill}/directives`: what the skill's own server hands on. @see R149, ADR 0019 */
@Controller('alexa/:skill/directives')
export class DirectivesController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @All()
  async answer(
    @Param('skill') skill: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const deadline = contextOf(request).startedAt + DEADLINE_MS;
    const client = await authenticateBackend(this.needs, skill, request, reply, deadline);
    const read = readDirective(readJsonRequest(request));
    if (read.kind === 'no-directive') throw new OAuthError('invalid_request', 'The body is no directive of Alexa.');
    if (read.kind === 'accept-grant') {
      writeJson(reply, 200, await this.acceptGrant(client, read.directive, request, deadline));
      return;
    }
    contextOf(request).outcome = 'refused';
    const parts = { messageId: randomUUID(), correlationToken: read.correlationToken };
    const isOther = read.kind === 'other';
    const answer = isOther ? buildInvalidDirective(parts, ONLY_ACCEPT_GRANT) : buildAcceptGrantError(parts, BROKEN);
    writeJson(reply, 200, answer);
  }

  private async acceptGrant(
    client: RegisteredClient,
    { header, payload }: AcceptGrantDirective['directive'],
    request: FastifyRequest,
    deadline: number,
  ): Promise<object> {
    const parts = { messageId: randomUUID(), correlationToken: header.correlationToken };
    const presented = { code: payload.grant.code, token: payload.grantee.token };
    const result = await acceptGrant(this.needs, client.skill, presented, deadline);
    const context = contextOf(request);
    const { linkId, grantId } = result;
    context.facts = { ...context.facts, ...(linkId && { linkId }), ...(grantId && { grantId }) };
    context.outcome = result.kind === 'accepted' ? 'accepted' : result.refusal;
    return result.kind === 'accepted' ? buildAcceptGrantResponse(parts) : buildAcceptGrantError(parts, result.message);
  }
}
