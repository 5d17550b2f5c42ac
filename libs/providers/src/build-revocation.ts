import { basicHeader, proveClient, writeRequest } from './build-request.js';
import type { ConnectorFacts } from './connector-facts.js';
import type { Upstream } from './resolve-upstream.js';
import type { HookRequest } from './upstream-provider.js';
import type { WireRequest } from './wire.js';

/** What is stored of an account and is to end. */
export interface RevocableTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

/**
 * Builds the request that ends tokens at the provider, or undefined where it offers no way.
 * @throws UpstreamError `misconfigured` where the connector's secret cannot sign
 * @see RFC 7009 §2.1, R213
 */
export function buildRevocation(
  upstream: Upstream,
  connector: ConnectorFacts,
  tokens: RevocableTokens,
  now: Date,
): WireRequest | undefined {
  const { revocation } = upstream.provider;
  const url = upstream.revocationEndpoint;
  if (!revocation || url === null) return undefined;
  const useRefresh = tokens.refreshToken !== null && revocation.token !== 'access';
  const token = useRefresh ? tokens.refreshToken : tokens.accessToken;
  const request = (given: Pick<HookRequest, 'method' | 'headers' | 'parameters'>): HookRequest => ({
    purpose: 'revocation',
    url,
    ...given,
  });
  switch (revocation.style) {
    case 'token-only':
      return writeRequest(upstream, request({ method: 'POST', headers: {}, parameters: { token } }), 'form');
    case 'github-grant': {
      const headers = { authorization: basicHeader(connector) };
      const parameters = { access_token: tokens.accessToken };
      return writeRequest(upstream, request({ method: 'DELETE', headers, parameters }), 'json');
    }
    case 'bearer':
    case 'meta-permissions': {
      const method = revocation.style === 'bearer' ? 'POST' : 'DELETE';
      const headers = { authorization: `Bearer ${tokens.accessToken}` };
      return writeRequest(upstream, request({ method, headers, parameters: {} }), 'form');
    }
    case 'rfc7009': {
      const client = proveClient(upstream, connector, now);
      const hint = useRefresh ? 'refresh_token' : 'access_token';
      const parameters = { token, token_type_hint: hint, ...client.parameters };
      return writeRequest(upstream, request({ method: 'POST', headers: client.headers, parameters }), 'form');
    }
  }
}
