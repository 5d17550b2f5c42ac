import { noteSecret, noteSecretsIn } from '@linkbroker/testing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export const EXAMINED = {
  clientId: 'alexa',
  clientSecret: noteSecret('client secret', 'secret-of-the-examined-client'),
  redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
};

/** An authorization server of somebody else's, with pages on which anybody may sign in. */
export async function startProviderToExamine(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${String((server.address() as AddressInfo).port)}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: EXAMINED.clientId,
        client_secret: EXAMINED.clientSecret,
        redirect_uris: ['layla.amazon.com', 'pitangui.amazon.com', 'alexa.amazon.co.jp'].map((host) =>
          EXAMINED.redirectUri.replace('layla.amazon.com', host),
        ),
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => false },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    cookies: { keys: ['test-only'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
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
