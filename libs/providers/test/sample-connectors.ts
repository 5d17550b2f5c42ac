import type { ConnectorFacts } from '../src/connector-facts.js';
import { fillTemplate } from '../src/fill-template.js';
import { discoveryUrlOf, resolveUpstream, type Upstream } from '../src/resolve-upstream.js';
import type { UpstreamProvider } from '../src/upstream-provider.js';

const OWN = 'https://id.example.com';

/** A connector that gives what its provider asks for, and nothing that is optional. */
export function connectorFor(provider: UpstreamProvider, clientSecret: string): ConnectorFacts {
  const needed = Object.entries(provider.parameters ?? {}).filter(([, { optional }]) => !optional);
  const needsIssuer = provider.protocol === 'oidc' && !provider.issuer && !provider.issuerFamily;
  const needsEndpoints = provider.protocol === 'oauth2' && !provider.endpoints;
  return {
    provider: provider.id,
    issuer: needsIssuer ? OWN : null,
    parameters: Object.fromEntries(needed.map(([name, { example }]) => [name, example])),
    clientId: 'made-up-client',
    clientSecret,
    scopes: [],
    endpoints: needsEndpoints
      ? { authorization: `${OWN}/authorize`, token: `${OWN}/token`, userinfo: `${OWN}/userinfo` }
      : {},
  };
}

/** That connector's provider, discovery included. */
export function upstreamFor(provider: UpstreamProvider, connector: ConnectorFacts): Upstream {
  const url = discoveryUrlOf(connector);
  return resolveUpstream(connector, url === null ? undefined : discoveryDocument(provider, connector));
}

function discoveryDocument({ issuer, issuerFamily }: UpstreamProvider, connector: ConnectorFacts): unknown {
  const own = issuer === undefined ? connector.issuer : fillTemplate(issuer, connector.parameters);
  return {
    issuer: issuerFamily?.open ?? own,
    authorization_endpoint: `${OWN}/authorize`,
    token_endpoint: `${OWN}/token`,
    jwks_uri: `${OWN}/jwks`,
    userinfo_endpoint: `${OWN}/userinfo`,
    revocation_endpoint: `${OWN}/revoke`,
  };
}
