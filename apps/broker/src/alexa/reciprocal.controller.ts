import { TOKEN_DEADLINE_MS, type Deadline, type Skill } from '@linkbroker/contracts';
import {
  acceptGrant,
  authenticateClient,
  CLIENT_MAX_AGE_MS,
  type AcceptGrantResult,
  type ClientAuthenticationNeeds,
} from '@linkbroker/linking';
import { OAuthError, parameter, parseParameters, parseReciprocalRequest, unavailable } from '@linkbroker/protocol';
import type { Parameters } from '@linkbroker/protocol';
import { All, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BROKER_NEEDS, type BrokerNeeds } from '../broker-needs.js';
import { challengeBearer, readBearer } from '../http/bearer.js';
import { readMachineRequest } from '../http/machine-request.js';
import { contextOf } from '../http/request-context.js';

/**
 * `/alexa/{skill}/reciprocal`: Alexa brings a code of Login with Amazon for a household that has just linked, whose access
 * token it holds. What goes wrong unlinks nobody.
 * @see R174–R177, ADR 0019
 */
@Controller('alexa/:skill/reciprocal')
export class ReciprocalController {
  constructor(@Inject(BROKER_NEEDS) private readonly needs: BrokerNeeds) {}

  @All()
  async accept(
    @Param('skill') address: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const context = contextOf(request);
    const deadline = context.startedAt + TOKEN_DEADLINE_MS;
    const body = parseParameters(readMachineRequest(request, reply).body);
    const skill = await findSkill(this.needs, address, body, deadline);
    context.facts = { tenantId: skill.tenantId, skillId: skill.id, clientKind: 'alexa' };
    const { code } = parseReciprocalRequest(body);
    if (!skill.events?.reciprocal) throw notConfigured();
    const token = readBearer(request);
    if (token === undefined) {
      challengeBearer(reply, undefined);
      return;
    }
    const result = await acceptGrant(this.needs, skill, { code, token, reciprocal: true }, deadline);
    const { linkId, grantId } = result;
    context.facts = { ...context.facts, ...(linkId && { linkId }), ...(grantId && { grantId }) };
    context.outcome = result.kind === 'accepted' ? 'accepted' : result.refusal;
    if (result.kind === 'accepted') reply.code(200).send();
    else if (result.refusal === 'grantee_refused') challengeBearer(reply, 'invalid_token');
    else throw refusalOf(result);
  }
}

/**
 * The skill that the address and the client id name. Alexa proves itself by the household's token; a secret that is sent all
 * the same has to be right.
 * @throws OAuthError `invalid_client`
 * @see R175 R176
 */
async function findSkill(
  needs: ClientAuthenticationNeeds,
  address: string,
  body: Parameters,
  deadline: Deadline,
): Promise<Skill> {
  const clientId = parameter(body, 'client_id');
  const unknown = new OAuthError('invalid_client', 'client_id is not the Alexa client of this address.');
  if (clientId === undefined || clientId !== address || clientId.includes('\0')) throw unknown;
  const client =
    parameter(body, 'client_secret') === undefined
      ? ((await needs.clients.find(clientId, CLIENT_MAX_AGE_MS, deadline)) ??
        (await needs.clients.find(clientId, 0, deadline)))
      : await authenticateClient(needs, { authorization: undefined, body }, deadline);
  if (client?.kind !== 'alexa') throw unknown;
  return client.skill;
}

const notConfigured = (): OAuthError =>
  new OAuthError('unauthorized_client', "The skill has no `events` with `reciprocal` in the broker's configuration.");

/** Amazon's refusal of its own code is told as one; what may go better next time is not. */
function refusalOf({ refusal, message }: Extract<AcceptGrantResult, { kind: 'failed' }>): OAuthError {
  if (refusal === 'lwa_refused') return new OAuthError('invalid_grant', message);
  return refusal === 'not_configured' ? notConfigured() : unavailable(new Error(message));
}
