import { ALEXA_REDIRECT_URI, startIndependentProvider } from '@linkbroker/testing/independent-provider';

export const CLIENT = { clientId: 'alexa', clientSecret: 'secret-of-the-provider-client' };
export const OTHER_CLIENT = { clientId: 'another', clientSecret: 'secret-of-another-client' };
export const REDIRECT_URI = ALEXA_REDIRECT_URI;

/** An authorization server with both clients. */
export const startProvider = (): ReturnType<typeof startIndependentProvider> =>
  startIndependentProvider(CLIENT, OTHER_CLIENT);
