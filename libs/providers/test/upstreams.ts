import type { ConnectorFacts } from '../src/connector-facts.js';
import type { Upstream } from '../src/resolve-upstream.js';
import type { UpstreamProvider } from '../src/upstream-provider.js';

/** A provider without a single quirk. */
export const PLAIN: UpstreamProvider = {
  id: 'plain',
  name: 'Plain',
  protocol: 'oauth2',
  pkce: 'S256',
  scopes: { separator: ' ', default: ['a', 'b'] },
  token: {},
  refresh: { kind: 'refresh_token', rotation: 'none' },
  identity: { from: 'userinfo', subject: ['sub'] },
  webView: 'unknown',
  loginHosts: [],
  docs: ['https://id.example.com/docs'],
  facts: {},
};

export const CONNECTOR: ConnectorFacts = {
  provider: 'oauth2',
  issuer: null,
  parameters: {},
  clientId: 'broker',
  clientSecret: 's3cret',
  scopes: ['openid', 'offline_access'],
  endpoints: {},
};

/** That provider with quirks, as a connector reaches it. */
export function upstreamWith(quirks: Partial<UpstreamProvider> = {}, changes: Partial<Upstream> = {}): Upstream {
  const provider = { ...PLAIN, ...quirks };
  return {
    provider,
    issuer: null,
    authorizationEndpoint: 'https://id.example.com/authorize',
    tokenEndpoint: 'https://id.example.com/token',
    refreshEndpoint: 'https://id.example.com/token',
    userinfoEndpoint: 'https://id.example.com/userinfo',
    revocationEndpoint: 'https://id.example.com/revoke',
    jwksUri: null,
    clientAuthentication: provider.clientAuthentication ?? 'post',
    idTokenAlgorithms: [],
    sendsIssuer: false,
    subjectPaths: provider.identity.subject,
    overridden: false,
    ...changes,
  };
}
