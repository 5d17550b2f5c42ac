/** The one client that a server of the tests knows, as Amazon's console would hold it. */
export const ALEXA_CLIENT = {
  clientId: 'alexa-lights',
  clientSecret: 'test-secret-of-the-skill',
  vendorId: 'M3KVOEXUO4ALBL',
  scope: 'lights',
} as const;

export const ALEXA_REDIRECT_URIS: readonly string[] = [
  'pitangui.amazon.com',
  'layla.amazon.com',
  'alexa.amazon.co.jp',
].map((host) => `https://${host}/api/skill/link/${ALEXA_CLIENT.vendorId}`);

/** The account that every server of the tests has. */
export const HOUSEHOLD = { name: 'alice', password: 'correct horse battery' } as const;
