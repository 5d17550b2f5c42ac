import type { Connector, Deadline } from '@linkbroker/contracts';
import {
  buildCodeExchange,
  discoveryUrl,
  readIdToken,
  readOidcMetadata,
  readTokenResponse,
  UnknownSigningKey,
  UpstreamError,
  type OidcMetadata,
  type UpstreamTokens,
  type WireRequest,
} from '@linkbroker/providers';

export interface UpstreamNeeds {
  readonly now: () => Date;
  readonly documents: { get(url: string, deadline: Deadline, notBefore?: number): Promise<unknown> };
  readonly egress: {
    send(request: WireRequest & { purpose: 'upstream'; deadline: Deadline }): Promise<{ status: number; body: string }>;
  };
}

/** The provider's metadata, with the connector's own endpoints where it has them. @throws UpstreamError */
export async function readUpstreamMetadata(
  needs: Pick<UpstreamNeeds, 'documents'>,
  connector: Connector,
  deadline: Deadline,
): Promise<OidcMetadata> {
  const json = await reach(() => needs.documents.get(discoveryUrl(connector.issuer), deadline));
  const found = readOidcMetadata(json, connector.issuer);
  return {
    ...found,
    authorizationEndpoint: connector.endpoints.authorization ?? found.authorizationEndpoint,
    tokenEndpoint: connector.endpoints.token ?? found.tokenEndpoint,
  };
}

/** Exchanges an upstream code, through egress. @throws UpstreamError @see R13, ADR 0005 */
export async function exchangeUpstreamCode(
  needs: UpstreamNeeds,
  connector: Connector,
  metadata: OidcMetadata,
  hop: { readonly code: string; readonly codeVerifier: string; readonly redirectUri: string },
  deadline: Deadline,
): Promise<UpstreamTokens> {
  const request = buildCodeExchange({
    tokenEndpoint: metadata.tokenEndpoint,
    clientAuth: metadata.clientAuth,
    clientId: connector.clientId,
    clientSecret: connector.clientSecret,
    ...hop,
  });
  const response = await reach(() => needs.egress.send({ ...request, purpose: 'upstream', deadline }));
  return readTokenResponse(response, connector.scopes);
}

/**
 * Verifies who signed in; an unknown signing key is looked for once in a fresh key set.
 * @throws UpstreamError
 * @see OpenID Connect Core 1.0 §3.1.3.7, §10.1.1
 */
export async function verifyUpstreamIdentity(
  needs: UpstreamNeeds,
  connector: Connector,
  metadata: OidcMetadata,
  signIn: { readonly idToken: string | null; readonly nonce: string },
  deadline: Deadline,
): Promise<string> {
  const { idToken, nonce } = signIn;
  if (idToken === null)
    throw new UpstreamError('misconfigured', 'the provider sent no id_token; is the scope openid asked for?');
  const algorithms = metadata.idTokenAlgorithms;
  const expected = { issuer: metadata.issuer, clientId: connector.clientId, nonce, algorithms, now: needs.now() };
  const keys = (notBefore?: number): Promise<unknown> =>
    reach(() => needs.documents.get(metadata.jwksUri, deadline, notBefore));
  try {
    return (await readIdToken(idToken, await keys(), expected)).subject;
  } catch (error) {
    if (!(error instanceof UnknownSigningKey)) throw error;
    return (await readIdToken(idToken, await keys(needs.now().getTime()), expected)).subject;
  }
}

/** Whatever goes wrong on the way there is the provider being unavailable, except what policy forbids. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UpstreamError) throw cause;
    const refused = cause instanceof Error && cause.name === 'EgressRefused';
    throw new UpstreamError(refused ? 'misconfigured' : 'unavailable', describe(cause), { cause });
  }
}

const describe = (cause: unknown): string =>
  cause instanceof Error ? cause.message : 'the provider cannot be reached';
