import { TOKEN_DEADLINE_MS, type Deadline, type RegisteredClient } from '@linkbroker/contracts';
import { authenticateClient, introspectToken, revokeToken } from '@linkbroker/linking';
import { parseParameters, type Parameters } from '@linkbroker/protocol';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { readMachineRequest } from '../http/machine-request.js';
import { contextOf } from '../http/request-context.js';
import { writeJson } from '../http/write-oauth.js';

interface AuthenticatedRequest {
  readonly client: RegisteredClient;
  readonly body: Parameters;
  readonly deadline: Deadline;
}

/** `/oauth/revoke` and `/oauth/introspect`: either client of a skill. @see RFC 7009, RFC 7662 */
@Controller('oauth')
export class TokenManagementController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @All('revoke')
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { client, body, deadline } = await this.authenticate(request, reply);
    const { grantId } = await revokeToken(this.needs, client, body, deadline);
    const context = contextOf(request);
    if (grantId !== undefined) context.facts = { ...context.facts, grantId };
    writeJson(reply, 200, {});
  }

  @All('introspect')
  async introspect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { client, body, deadline } = await this.authenticate(request, reply);
    writeJson(reply, 200, await introspectToken(this.needs, client, body, deadline));
  }

  /** Client authentication comes before anything else is read. */
  private async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<AuthenticatedRequest> {
    const presented = readMachineRequest(request, reply);
    const context = contextOf(request);
    const deadline = context.startedAt + TOKEN_DEADLINE_MS;
    const body = parseParameters(presented.body);
    const client = await authenticateClient(this.needs, { authorization: presented.authorization, body }, deadline);
    context.facts = { tenantId: client.skill.tenantId, skillId: client.skill.id, clientKind: client.kind };
    return { client, body, deadline };
  }
}
