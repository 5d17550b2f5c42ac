import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { noteSecretsIn } from './leak-watch.js';

/** Where Alexa wants somebody sent back to, in one of its regions. */
export const ALEXA_REDIRECT_URI = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';

const REDIRECT_URIS = ['layla.amazon.com', 'pitangui.amazon.com', 'alexa.amazon.co.jp'].map((host) =>
  ALEXA_REDIRECT_URI.replace('layla.amazon.com', host),
);

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

const registered = ({ clientId, clientSecret }: Client) => ({
  client_id: clientId,
  client_secret: clientSecret,
  redirect_uris: REDIRECT_URIS,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
});

/**
 * An authorization server that nobody here wrote, npm `oidc-provider`, with rotation and its development pages, on which
 * anybody may sign in. What it issues is noted as secret.
 */
export async function startIndependentProvider(
  ...clients: readonly Client[]
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${String((server.address() as AddressInfo).port)}`;
  const provider = new Provider(url, {
    clients: clients.map(registered),
    features: { devInteractions: { enabled: true }, introspection: { enabled: true } },
    pkce: { required: () => false },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    ttl: { AccessToken: 3_600 },
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
