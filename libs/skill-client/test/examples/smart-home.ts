import { bearerTokenOf, createSkillClient, errorResponseFor, type SmartHomeRequest } from '../../src/index.js';
import { randomUUID } from 'node:crypto';

const client = createSkillClient({
  brokerUrl: process.env['BROKER_URL'] ?? '',
  clientId: process.env['BROKER_CLIENT_ID'] ?? '',
  clientSecret: process.env['BROKER_CLIENT_SECRET'] ?? '',
});

export async function handler(request: SmartHomeRequest): Promise<object> {
  const accessToken = bearerTokenOf(request);
  let result = await client.upstreamToken(accessToken);
  let answer = result.kind === 'token' ? await callAcme(request, result.accessToken) : undefined;
  // The provider's own 401 says nothing final about the link: ask the broker, which keeps the evidence.
  if (answer?.status === 401) {
    result = await client.upstreamToken(accessToken, { fresh: true });
    answer = result.kind === 'token' ? await callAcme(request, result.accessToken) : undefined;
  }
  if (result.kind !== 'token') {
    // Kinds and reasons hold no token.
    process.stderr.write(`${JSON.stringify(result)}\n`);
    return errorResponseFor(result, request);
  }
  if (!answer?.ok) return errorResponseFor({ kind: 'unavailable', retryAfterSeconds: 5, reason: 'Acme' }, request);

  const { header, endpoint } = request.directive;
  const messageId = randomUUID();
  if (header.namespace === 'Alexa.Discovery') {
    const lights = (await answer.json()) as { id: string; name: string }[];
    const discovered = { ...header, name: 'Discover.Response', messageId };
    return { event: { header: discovered, payload: { endpoints: lights.map(describe) } } };
  }
  return {
    event: {
      header: { ...header, namespace: 'Alexa', name: 'Response', messageId },
      endpoint: { endpointId: endpoint?.endpointId },
      payload: {},
    },
  };
}

function callAcme({ directive: { header, endpoint } }: SmartHomeRequest, token: string): Promise<Response> {
  const path = endpoint?.endpointId === undefined ? '/lights' : `/lights/${encodeURIComponent(endpoint.endpointId)}`;
  const change = endpoint && { method: 'PUT', body: JSON.stringify({ on: header.name === 'TurnOn' }) };
  return fetch(`${process.env['ACME_API_URL']}${path}`, {
    ...change,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(1_500),
  });
}

const describe = ({ id, name }: { id: string; name: string }): object => ({
  endpointId: id,
  friendlyName: name,
  manufacturerName: 'Acme',
  description: 'A light by Acme',
  displayCategories: ['LIGHT'],
  capabilities: [
    { type: 'AlexaInterface', interface: 'Alexa', version: '3' },
    { type: 'AlexaInterface', interface: 'Alexa.PowerController', version: '3' },
  ],
});
