import { noteSecretsIn } from '@linkbroker/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration } from 'oidc-provider';

export const CLIENT = { clientId: 'alexa', clientSecret: 'secret-of-the-provider-client' };
export const OTHER_CLIENT = { clientId: 'another', clientSecret: 'secret-of-another-client' };
export const REDIRECT_URI = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';

const REDIRECT_URIS = ['layla.amazon.com', 'pitangui.amazon.com', 'alexa.amazon.co.jp'].map((host) =>
  REDIRECT_URI.replace('layla.amazon.com', host),
);

const registered = ({ clientId, clientSecret }: typeof CLIENT) => ({
  client_id: clientId,
  client_secret: clientSecret,
  redirect_uris: REDIRECT_URIS,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
});

/** An authorization server that nobody here wrote, npm `oidc-provider`, with rotation and its development pages. */
export async function startProvider(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const configuration: Configuration = {
    clients: [CLIENT, OTHER_CLIENT].map(registered),
    features: { devInteractions: { enabled: true }, introspection: { enabled: true } },
    pkce: { required: () => false },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    ttl: { AccessToken: 3_600 },
    cookies: { keys: ['test-only'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  };
  const provider = new Provider(url, configuration);
  provider.on('grant.success', (context) => {
    for (const exchanged of [context.oidc.params, context.body]) noteSecretsIn(exchanged);
  });
  server.on('request', provider.callback() as never);
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url, close };
}
