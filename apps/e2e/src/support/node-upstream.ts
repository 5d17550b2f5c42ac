import { createServer } from 'node:http';
import { Provider, type Configuration } from 'oidc-provider';

/** npm oidc-provider with its own development pages, whose access tokens live a few seconds. */
export async function startNodeUpstream(
  port: number,
  client: { readonly clientId: string; readonly clientSecret: string; readonly redirectUris: readonly string[] },
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const url = `http://localhost:${String(port)}`;
  const configuration: Configuration = {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [...client.redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    ttl: { AccessToken: 4 },
    pkce: { required: () => true },
    cookies: { keys: ['test-only'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  };
  const server = createServer();
  server.on('request', new Provider(url, configuration).callback() as never);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    });
  return { url, close };
}
