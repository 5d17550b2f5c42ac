import { findProvider } from './catalogue/index.js';
import type { ConnectorFacts } from './connector-facts.js';
import type { UpstreamProvider } from './upstream-provider.js';
import { askedScopes } from './resolve-upstream.js';

/** One thing that is wrong with a connector. */
export interface ConnectorProblem {
  /** The key of the config file it stands under. */
  readonly key: string;
  /** In words for the tenant, the key first. */
  readonly message: string;
}

type CheckedFacts = Pick<ConnectorFacts, 'provider' | 'issuer' | 'parameters' | 'endpoints' | 'scopes'>;

/** Names that no public server has: there plain http may do, and egress judges the address. */
const PRIVATE_HOST = /^(localhost|[^.]+|[\d.]+|\[.*\]|.*\.(localhost|local|internal|test|home\.arpa))$/;

/** What is wrong with a connector for its provider; empty when it is fine. */
export function checkConnector(connector: CheckedFacts): readonly ConnectorProblem[] {
  const provider = findProvider(connector.provider);
  if (!provider) return [problem('provider', `no "${connector.provider}" in the catalogue (docs/providers.md)`)];
  return [
    ...checkIssuer(provider, connector),
    ...checkParameters(provider, connector),
    ...checkEndpoints(provider, connector),
    ...checkScopes(provider, connector),
  ];
}

const problem = (key: string, message: string): ConnectorProblem => ({ key, message: `${key}: ${message}` });

function checkIssuer(provider: UpstreamProvider, { issuer }: CheckedFacts): readonly ConnectorProblem[] {
  if (issuer !== null && provider.protocol !== 'oidc') {
    return [problem('issuer', `${provider.name} has none; leave it out`)];
  }
  if (issuer !== null) return checkAddress('issuer', issuer, /[?#]/);
  const known = provider.issuer ?? provider.issuerFamily;
  return provider.protocol === 'oidc' && !known ? [problem('issuer', `${provider.name} needs one`)] : [];
}

function checkParameters(
  provider: UpstreamProvider,
  { issuer, parameters }: CheckedFacts,
): readonly ConnectorProblem[] {
  const declared = provider.parameters ?? {};
  const unknown = Object.keys(parameters)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => problem(`parameters.${name}`, `${provider.name} knows no such parameter`));
  const wrong = Object.entries(declared).flatMap(([name, { optional, pattern, description, example }]) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value !== undefined) {
      return pattern.test(value) ? [] : [problem(`parameters.${name}`, `must be ${description}, such as ${example}`)];
    }
    const spared = optional === true || (issuer !== null && isAddressPart(provider, name));
    return spared ? [] : [problem(`parameters.${name}`, `missing: ${description}, such as ${example}`)];
  });
  return [...unknown, ...wrong];
}

/** Part of an address that a connector's own issuer replaces. */
function isAddressPart({ issuer, issuerFamily, endpoints }: UpstreamProvider, name: string): boolean {
  const templates = [issuer, issuerFamily?.discovery, ...Object.values({ ...endpoints })];
  return templates.some((template) => template?.includes(`{${name}}`));
}

function checkEndpoints(provider: UpstreamProvider, connector: CheckedFacts): readonly ConnectorProblem[] {
  const given = Object.entries(connector.endpoints).filter(([, url]) => url !== undefined) as [string, string][];
  const wrong = given.flatMap(([name, url]) => checkAddress(`endpoints.${name}`, url, /#/));
  if (provider.protocol === 'oidc') return wrong;
  const needed = ['authorization', 'token', ...(provider.identity.from === 'userinfo' ? ['userinfo'] : [])] as const;
  const names = needed as readonly ('authorization' | 'token' | 'userinfo')[];
  const missing = names.filter((name) => !provider.endpoints?.[name] && !connector.endpoints[name]);
  return [...wrong, ...missing.map((name) => problem(`endpoints.${name}`, `${provider.name} needs one`))];
}

function checkScopes(provider: UpstreamProvider, connector: CheckedFacts): readonly ConnectorProblem[] {
  const asked = askedScopes(connector);
  const missing = (provider.scopes.required ?? []).filter((scope) => !asked.includes(scope));
  if (missing.length === 0) return [];
  return [problem('scopes', `${missing.join(', ')} missing: without it ${provider.name} does not say who signed in`)];
}

function checkAddress(key: string, url: string, forbidden: RegExp): readonly ConnectorProblem[] {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return [problem(key, 'must be an https address')];
  if (parsed.username !== '' || parsed.password !== '' || forbidden.test(url)) {
    return [problem(key, 'must have no credentials, fragment or (for an issuer) query')];
  }
  if (parsed.protocol === 'http:' && !PRIVATE_HOST.test(parsed.hostname)) {
    return [problem(key, 'must be https; plain http is for private addresses only')];
  }
  return [];
}
