import type { Deadline, RegisteredClient, StoredSecret, Trace } from '@linkbroker/contracts';
import { OAuthError, parseClientCredentials, type ClientCredentials, type Parameters } from '@linkbroker/protocol';
import { CLIENT_MAX_AGE_MS, type Clients, type Secrets } from './needs.js';

export interface ClientAuthenticationNeeds {
  readonly clients: Clients;
  readonly secrets: Secrets;
  readonly seeSecret: (secretId: string) => void;
  readonly trace: Trace;
  /** Secrets that a client had, for saying that a wrong one is yesterday's. */
  readonly findRetiredSecrets: (clientId: string, deadline: Deadline) => Promise<readonly StoredSecret[]>;
}

interface PresentedCredentials {
  readonly authorization: string | undefined;
  readonly body: Parameters;
}

/** A client that has proved itself, and the secret by which it did. */
export interface AuthenticatedClient {
  readonly client: RegisteredClient;
  readonly clientSecret: string;
}

/**
 * Authenticates a client by Basic or body, whichever it sent. Nobody is refused from a cached copy: a secret that was
 * added a moment ago works at once.
 * @throws OAuthError `invalid_client`; anything else thrown is a failure to look
 * @see RFC 6749 §2.3.1, R66–R69
 */
export async function authenticateClient(
  needs: ClientAuthenticationNeeds,
  presented: PresentedCredentials,
  deadline: Deadline,
): Promise<RegisteredClient> {
  return (await authenticatePresented(needs, presented, deadline)).client;
}

/** The same, with the secret that matched: a relay presents it to the server it stands before. */
export async function authenticatePresented(
  needs: ClientAuthenticationNeeds,
  presented: PresentedCredentials,
  deadline: Deadline,
): Promise<AuthenticatedClient> {
  const readings = parseClientCredentials(presented.authorization, presented.body);
  for (const maxAge of [CLIENT_MAX_AGE_MS, 0]) {
    const matched = await match(needs, readings, maxAge, deadline);
    if (matched) return matched;
  }
  await traceClientRefused(needs, readings, deadline);
  throw new OAuthError('invalid_client', 'Client authentication failed.');
}

async function match(
  needs: ClientAuthenticationNeeds,
  readings: readonly ClientCredentials[],
  maxAge: number,
  deadline: Deadline,
): Promise<AuthenticatedClient | undefined> {
  for (const { clientId, clientSecret } of readings) {
    // Neither can hold one (RFC 6749 appendix A); a hash function may not see it, and the database would not take it.
    if (clientId.includes('\0') || clientSecret.includes('\0')) continue;
    const client = await needs.clients.find(clientId, maxAge, deadline);
    const secretId = client && (await needs.secrets.verify(clientSecret, client.secrets));
    if (client && secretId !== undefined) {
      needs.seeSecret(secretId);
      return { client, clientSecret };
    }
  }
  return undefined;
}

/** Tells the tenant of a client that exists and came with a wrong secret: no secret, an old one, or any other. */
async function traceClientRefused(
  needs: ClientAuthenticationNeeds,
  readings: readonly ClientCredentials[],
  deadline: Deadline,
): Promise<void> {
  for (const { clientId, clientSecret } of readings) {
    if (clientId.includes('\0') || clientSecret.includes('\0')) continue;
    const client = await needs.clients.find(clientId, CLIENT_MAX_AGE_MS, deadline);
    if (!client) continue;
    const outcome = clientSecret === '' ? 'no_secret' : await judgeSecret(needs, clientId, clientSecret, deadline);
    const { tenantId, id: skillId } = client.skill;
    needs.trace({ name: 'client.refused', tenantId, skillId, outcome, detail: `client ${clientId}` });
    return;
  }
}

/** Whether a wrong secret was a right one once. Not to know is no reason to answer otherwise. */
async function judgeSecret(
  needs: ClientAuthenticationNeeds,
  clientId: string,
  clientSecret: string,
  deadline: Deadline,
): Promise<'old_secret' | 'wrong_secret'> {
  try {
    const retired = await needs.findRetiredSecrets(clientId, deadline);
    const matched = retired.length > 0 && (await needs.secrets.verify(clientSecret, retired)) !== undefined;
    return matched ? 'old_secret' : 'wrong_secret';
  } catch {
    return 'wrong_secret';
  }
}
