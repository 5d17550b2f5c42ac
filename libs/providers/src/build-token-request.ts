import { proveClient, writeRequest } from './build-request.js';
import type { ConnectorFacts } from './connector-facts.js';
import type { Upstream } from './resolve-upstream.js';
import type { WireRequest } from './wire.js';

/** What came back from the browser, and what it was started with. */
export interface CodeHop {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

/** What is stored of an account and may be renewed. */
export interface RenewableTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly scopes: readonly string[];
}

/**
 * Builds the token request of the authorization code grant.
 * @throws UpstreamError `misconfigured` where the connector's secret cannot sign
 * @see RFC 6749 §4.1.3, §2.3.1, RFC 7636 §4.5
 */
export function buildCodeExchange(upstream: Upstream, connector: ConnectorFacts, hop: CodeHop, now: Date): WireRequest {
  const { pkce, token } = upstream.provider;
  const parameters = {
    grant_type: 'authorization_code',
    code: hop.code,
    redirect_uri: hop.redirectUri,
    ...(pkce === 'S256' && { code_verifier: hop.codeVerifier }),
    ...token.codeParameters,
  };
  return writeTokenRequest(upstream, connector, 'code', parameters, now);
}

/**
 * Builds the request that renews an access token, or undefined where nothing can be renewed with what is there.
 * @throws UpstreamError `misconfigured` where the connector's secret cannot sign
 * @see RFC 6749 §6, R226
 */
export function buildRefresh(
  upstream: Upstream,
  connector: ConnectorFacts,
  tokens: RenewableTokens,
  now: Date,
): WireRequest | undefined {
  const { refresh, token } = upstream.provider;
  const parameters = refreshParameters(refresh.kind, refresh.exchangeParameter, tokens);
  if (!parameters) return undefined;
  return writeTokenRequest(upstream, connector, 'refresh', { ...parameters, ...token.refreshParameters }, now);
}

function refreshParameters(
  kind: 'refresh_token' | 'exchange' | 'none',
  exchangeParameter: string | undefined,
  tokens: RenewableTokens,
): Readonly<Record<string, string>> | undefined {
  if (kind === 'exchange') return { [exchangeParameter ?? 'access_token']: tokens.accessToken };
  if (kind === 'none' || tokens.refreshToken === null) return undefined;
  return { grant_type: 'refresh_token', refresh_token: tokens.refreshToken };
}

function writeTokenRequest(
  upstream: Upstream,
  connector: ConnectorFacts,
  purpose: 'code' | 'refresh',
  parameters: Readonly<Record<string, string>>,
  now: Date,
): WireRequest {
  const { token } = upstream.provider;
  const client = proveClient(upstream, connector, now);
  const request = {
    purpose,
    method: 'POST' as const,
    url: purpose === 'code' ? upstream.tokenEndpoint : upstream.refreshEndpoint,
    headers: { ...token.headers, ...client.headers },
    parameters: { ...parameters, ...client.parameters },
  };
  return writeRequest(upstream, request, token.bodyFormat ?? 'form');
}
