/**
 * The Lambda of a smart home skill whose accounts are linked through Linkbroker. What is Acme's own stands in `devices.mjs`;
 * everything about tokens and grants is done here. The guide beside it is docs/smart-home-lambda.md.
 */
import { bearerTokenOf, createSkillClient, errorResponseFor } from '@linkbroker/skill-client';
import { randomUUID } from 'node:crypto';
import { answerDirective } from './devices.mjs';

/** Outside the handler: it keeps tokens between calls. */
const broker = createSkillClient({
  brokerUrl: process.env.BROKER_URL ?? '',
  clientId: process.env.BROKER_CLIENT_ID ?? '',
  clientSecret: process.env.BROKER_CLIENT_SECRET ?? '',
  alexaClientId: process.env.ALEXA_CLIENT_ID,
});

export async function handler(request) {
  const { namespace, name } = request.directive.header;
  if (namespace === 'Alexa.Authorization' && name === 'AcceptGrant') return broker.acceptGrant(request);

  const alexaToken = bearerTokenOf(request);
  let access = await broker.upstreamToken(alexaToken);
  let answer = access.kind === 'token' ? await answerDirective(request, access.accessToken) : undefined;
  // A 401 of Acme's says nothing final about the link: the broker is asked for a fresh token, once.
  if (answer?.refused) {
    access = await broker.upstreamToken(alexaToken, { fresh: true });
    answer = access.kind === 'token' ? await answerDirective(request, access.accessToken) : undefined;
  }
  if (access.kind !== 'token') return errorResponseFor(logged(access), request);
  // Refused twice, with a token that was renewed a moment ago: that is Acme's trouble, and no reason to unlink anybody.
  if (!answer || answer.refused) return errorResponseFor(logged(unavailable('Acme refuses a fresh token')), request);
  if (answer.failed) return errorResponseFor(logged(unavailable('Acme did not answer')), request);

  const { correlationToken } = request.directive.header;
  const header = { ...answer.header, messageId: randomUUID(), payloadVersion: '3' };
  const { endpointId } = request.directive.endpoint ?? {};
  return {
    event: {
      header: correlationToken === undefined ? header : { ...header, correlationToken },
      ...(endpointId !== undefined && { endpoint: { endpointId } }),
      payload: answer.payload,
    },
    ...(answer.properties && { context: { properties: answer.properties } }),
  };
}

const unavailable = (reason) => ({ kind: 'unavailable', retryAfterSeconds: 5, reason });

/** Kinds and reasons hold no token. */
function logged(problem) {
  process.stderr.write(`${JSON.stringify(problem)}\n`);
  return problem;
}
