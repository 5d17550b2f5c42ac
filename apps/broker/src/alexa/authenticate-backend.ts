import type { Deadline, RegisteredClient } from '@linkbroker/contracts';
import { authenticateClient, type ClientAuthenticationNeeds } from '@linkbroker/linking';
import { OAuthError, parseParameters } from '@linkbroker/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contextOf } from '../http/request-context.js';

/**
 * Holds a request to its methods and to the backend client of the skill in its path, by Basic. Nobody learns which skills there
 * are: whoever is authenticated is told only whether the path is his own.
 * @throws OAuthError `invalid_client` 401, `invalid_request` 405 for other methods and 404 for another skill's path
 */
export async function authenticateBackend(
  needs: ClientAuthenticationNeeds,
  skill: string,
  request: FastifyRequest,
  reply: FastifyReply,
  deadline: Deadline,
  methods: readonly string[] = ['POST'],
): Promise<RegisteredClient> {
  if (!methods.includes(request.method)) {
    const allowed = methods.join(', ');
    reply.header('allow', allowed);
    throw new OAuthError('invalid_request', `Only ${allowed} is answered here.`, { status: 405 });
  }
  const presented = { authorization: request.headers.authorization, body: parseParameters('') };
  const client = await authenticateClient(needs, presented, deadline);
  const context = contextOf(request);
  context.facts = { tenantId: client.skill.tenantId, skillId: client.skill.id, clientKind: client.kind };
  if (client.kind !== 'backend') {
    throw new OAuthError('invalid_client', "Only the skill's backend client is answered here.");
  }
  if (skill !== client.skill.clientId) {
    const description = "This client has nothing at this address; it is made of its skill's own client id.";
    throw new OAuthError('invalid_request', description, { status: 404 });
  }
  return client;
}
