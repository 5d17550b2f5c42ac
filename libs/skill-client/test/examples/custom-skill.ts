import { createSkillClient, withUpstreamToken } from '../../src/index.js';
import { SkillBuilders, type HandlerInput } from 'ask-sdk-core';

const client = createSkillClient({
  brokerUrl: process.env['BROKER_URL'] ?? '',
  clientId: process.env['BROKER_CLIENT_ID'] ?? '',
  clientSecret: process.env['BROKER_CLIENT_SECRET'] ?? '',
});

const SPEECH = {
  link: 'Please link your Acme account in the Alexa app first. I have sent you a card.',
  later: 'I cannot reach Acme at the moment. Please try again later.',
};

const lightsHandler = {
  canHandle: ({ requestEnvelope }: HandlerInput) =>
    requestEnvelope.request.type === 'IntentRequest' && requestEnvelope.request.intent.name === 'LightsIntent',

  handle: withUpstreamToken(
    client,
    SPEECH,
    async (input: HandlerInput, upstreamToken) => {
      const answer = await fetch(`${process.env['ACME_API_URL']}/lights`, {
        headers: { authorization: `Bearer ${upstreamToken}` },
        signal: AbortSignal.timeout(3_000),
      });
      if (!answer.ok) return input.responseBuilder.speak(SPEECH.later).getResponse();
      const lights = (await answer.json()) as unknown[];
      return input.responseBuilder.speak(`You have ${lights.length} lights.`).getResponse();
    },
    // Kinds and reasons hold no token.
    (problem) => process.stderr.write(`${JSON.stringify(problem)}\n`),
  ),
};

export const handler = SkillBuilders.custom().addRequestHandlers(lightsHandler).lambda();
