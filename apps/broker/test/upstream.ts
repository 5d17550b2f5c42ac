import { noteSecretsIn } from '@linkbroker/testing';
import { createServer } from 'node:http';
import { Provider, type Configuration } from 'oidc-provider';

/** An OpenID provider that nobody here wrote: npm `oidc-provider`, with its own development login pages. */
export interface Upstream {
  readonly issuer: string;
  /** How many refreshes it has answered. */
  readonly refreshes: () => number;
  /** Ends everything that was granted to anybody. */
  readonly revokeAll: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startUpstream(redirectUris: string[]): Promise<Upstream> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const issuer = `http://localhost:${port}`;
  const configuration: Configuration = {
    clients: [
      {
        client_id: 'broker',
        client_secret: 'upstream-secret',
        redirect_uris: redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ['test-only'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  };
  const provider = new Provider(issuer, configuration);
  let refreshes = 0;
  const grants = new Set<string>();
  provider.on('grant.success', (context) => {
    for (const exchanged of [context.oidc.params, context.body]) noteSecretsIn(exchanged);
    if (context.oidc.params?.['grant_type'] === 'refresh_token') refreshes += 1;
    if (context.oidc.entities.Grant) grants.add(context.oidc.entities.Grant.jti);
  });
  server.on('request', provider.callback() as never);
  return {
    issuer,
    refreshes: () => refreshes,
    revokeAll: async () => {
      for (const id of grants) {
        await provider.RefreshToken.revokeByGrantId(id);
        await provider.AccessToken.revokeByGrantId(id);
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
