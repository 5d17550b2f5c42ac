import type { RequestEnvelope } from 'ask-sdk-model';

/** A request to a custom skill; without a token the household is not linked. */
export function launchRequest(accessToken?: string, locale = 'en-US'): RequestEnvelope {
  return {
    version: '1.0',
    context: {
      System: {
        application: { applicationId: 'amzn1.ask.skill.1' },
        user: { userId: 'amzn1.ask.account.1', ...(accessToken !== undefined && { accessToken }) },
        apiEndpoint: 'https://api.amazonalexa.com',
        apiAccessToken: '',
      },
    },
    request: { type: 'LaunchRequest', requestId: 'r', timestamp: '2026-11-22T00:00:00Z', locale },
  };
}

/** A request with an intent. */
export function intentRequest(name: string, accessToken?: string): RequestEnvelope {
  const launch = launchRequest(accessToken);
  const { requestId, timestamp } = launch.request;
  const intent = { name, confirmationStatus: 'NONE' as const };
  return {
    ...launch,
    request: { type: 'IntentRequest', requestId, timestamp, locale: 'en-US', dialogState: 'COMPLETED', intent },
  };
}

export const discover = (token: string) => ({
  directive: {
    header: { namespace: 'Alexa.Discovery', name: 'Discover', payloadVersion: '3', messageId: 'm' },
    payload: { scope: { type: 'BearerToken', token } },
  },
});

/** A directive to a smart home skill. */
export function turnOn(token?: string) {
  return {
    directive: {
      header: {
        namespace: 'Alexa.PowerController',
        name: 'TurnOn',
        payloadVersion: '3',
        messageId: '1bd5d003-31b9-476f-ad03-71d471922820',
        correlationToken: 'dFMb0z+PgpgdDmluhJ1LddFvSqZ/jCc8ptlAKulUj90jSqg==',
      },
      endpoint: {
        ...(token !== undefined && { scope: { type: 'BearerToken', token } }),
        endpointId: 'appliance-001',
        cookie: {},
      },
      payload: {},
    },
  };
}
