import type { Deadline, RegisteredClient } from '@linkbroker/contracts';
import { OAuthError, parseClientCredentials, type ClientCredentials, type Parameters } from '@linkbroker/protocol';
import { CLIENT_MAX_AGE_MS, type Clients, type Secrets } from './needs.js';

export interface ClientAuthenticationNeeds {
  readonly clients: Clients;
  readonly secrets: Secrets;
  readonly seeSecret: (secretId: string) => void;
}

/**
 * Authenticates a client by Basic or body, whichever it sent. Nobody is refused from a cached copy: a secret that was
 * added a moment ago works at once.
 * @throws OAuthError `invalid_client`; anything else thrown is a failure to look
 * @see RFC 6749 §2.3.1, R66–R69
 */
export async function authenticateClient(
  needs: ClientAuthenticationNeeds,
  presented: { readonly authorization: string | undefined; readonly body: Parameters },
  deadline: Deadline,
): Promise<RegisteredClient> {
  const readings = parseClientCredentials(presented.authorization, presented.body);
  for (const maxAge of [CLIENT_MAX_AGE_MS, 0]) {
    const client = await match(needs, readings, maxAge, deadline);
    if (client) return client;
  }
  throw new OAuthError('invalid_client', 'Client authentication failed.');
}

async function match(
  needs: ClientAuthenticationNeeds,
  readings: readonly ClientCredentials[],
  maxAge: number,
  deadline: Deadline,
): Promise<RegisteredClient | undefined> {
  for (const { clientId, clientSecret } of readings) {
    // Neither can hold one (RFC 6749 appendix A); a hash function may not see it, and the database would not take it.
    if (clientId.includes('\0') || clientSecret.includes('\0')) continue;
    const client = await needs.clients.find(clientId, maxAge, deadline);
    const secretId = client && (await needs.secrets.verify(clientSecret, client.secrets));
    if (client && secretId !== undefined) {
      needs.seeSecret(secretId);
      return client;
    }
  }
  return undefined;
}
