import { findProvider } from './catalogue/index.js';
import type { ConnectorFacts } from './connector-facts.js';
import { fillTemplate } from './fill-template.js';
import { discoveryUrl, readOidcMetadata, type OidcMetadata } from './oidc-discovery.js';
import { UpstreamError } from './upstream-error.js';
import type { ClientAuthentication, ProviderEndpoints, UpstreamProvider } from './upstream-provider.js';

/** A provider as one connector reaches it. */
export interface Upstream {
  readonly provider: UpstreamProvider;
  /** The issuer id_tokens must name, or null. That of several customers (`IssuerFamily`) has its placeholder. */
  readonly issuer: string | null;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly refreshEndpoint: string;
  readonly userinfoEndpoint: string | null;
  readonly revocationEndpoint: string | null;
  readonly jwksUri: string | null;
  readonly clientAuthentication: ClientAuthentication;
  /** Asymmetric algorithms that id_tokens may be signed with; empty where there are none. */
  readonly idTokenAlgorithms: readonly string[];
  /** Whether callbacks carry `iss` (RFC 9207), which must then be there and right. */
  readonly sendsIssuer: boolean;
  /** Dotted paths of the subject, the connector's own where it names one. */
  readonly subjectPaths: readonly string[];
  /** An endpoint or the issuer is the connector's own, not the catalogue's: no revocation domain beyond the connector. */
  readonly overridden: boolean;
}

/** What an OpenID provider signs with unless it says otherwise. @see OpenID Connect Core 1.0 §15.1 */
const USUAL_ALGORITHMS = ['RS256'];

type Endpoints = { readonly [Name in keyof ProviderEndpoints]?: string | undefined };

/** Address of the discovery document needed, or null when the declaration and the connector say all. @throws UpstreamError */
export function discoveryUrlOf(connector: ConnectorFacts): string | null {
  const provider = providerOf(connector);
  if (provider.protocol !== 'oidc') return null;
  if (connector.issuer !== null) return discoveryUrl(connector.issuer);
  // Identified by userinfo of its own, the connector needs nothing that discovery knows.
  const own = connector.endpoints;
  if (own.authorization && own.token && own.userinfo) return null;
  const { authorization, token, jwks } = provider.endpoints ?? {};
  if (authorization && token && jwks) return null;
  if (provider.issuerFamily) return fill(provider, connector, provider.issuerFamily.discovery);
  return discoveryUrl(issuerOf(provider, connector));
}

/**
 * What is known of the provider for this connector: the connector's own word first, then the catalogue's, then discovery's.
 * @param discovery the parsed document, undefined where `discoveryUrlOf` is null
 * @throws UpstreamError `misconfigured`
 */
export function resolveUpstream(connector: ConnectorFacts, discovery: unknown): Upstream {
  const provider = providerOf(connector);
  const found = readMetadata(provider, connector, discovery);
  const endpoints = mergeEndpoints(
    found === undefined ? {} : foundEndpoints(found),
    connector.issuer === null ? filledEndpoints(provider, connector) : {},
    connector.endpoints,
  );
  return {
    provider,
    ...addressesOf(endpoints, connector),
    ...trustOf(provider, connector, found),
    clientAuthentication: clientAuthenticationOf(provider, connector, found),
    subjectPaths: subjectPathsOf(provider, connector),
    overridden: connector.issuer !== null || Object.values(connector.endpoints).some((url) => url !== undefined),
  };
}

/** The scopes a connector asks for: its own, or the catalogue's where it names none. */
export function askedScopes(connector: Pick<ConnectorFacts, 'provider' | 'scopes'>): readonly string[] {
  if (connector.scopes.length > 0) return connector.scopes;
  return findProvider(connector.provider)?.scopes.default ?? [];
}

function providerOf(connector: ConnectorFacts): UpstreamProvider {
  const provider = findProvider(connector.provider);
  if (!provider)
    throw new UpstreamError('misconfigured', 'the connector names a provider that is not in the catalogue');
  return provider;
}

function readMetadata(
  provider: UpstreamProvider,
  connector: ConnectorFacts,
  discovery: unknown,
): OidcMetadata | undefined {
  if (discoveryUrlOf(connector) === null) return undefined;
  const family = connector.issuer === null ? provider.issuerFamily : undefined;
  return readOidcMetadata(discovery, family ?? issuerOf(provider, connector));
}

function issuerOf(provider: UpstreamProvider, connector: ConnectorFacts): string {
  if (connector.issuer !== null) return connector.issuer;
  if (provider.issuer === undefined) throw new UpstreamError('misconfigured', 'the connector names no issuer');
  return fill(provider, connector, provider.issuer);
}

function filledEndpoints(provider: UpstreamProvider, connector: ConnectorFacts): Endpoints {
  const entries = Object.entries(provider.endpoints ?? {}) as [keyof ProviderEndpoints, string][];
  return Object.fromEntries(entries.map(([name, template]) => [name, fill(provider, connector, template)]));
}

/** A value becomes part of an address only if it is what the declaration allows. */
function fill(provider: UpstreamProvider, connector: ConnectorFacts, template: string): string {
  const values: Record<string, string> = { clientId: encodeURIComponent(connector.clientId) };
  for (const [name, { pattern }] of Object.entries(provider.parameters ?? {})) {
    const value = Object.hasOwn(connector.parameters, name) ? connector.parameters[name] : undefined;
    if (value !== undefined && pattern.test(value)) values[name] = value;
  }
  const filled = fillTemplate(template, values);
  if (filled === undefined)
    throw new UpstreamError('misconfigured', 'a parameter of the connector is missing or wrong');
  return filled;
}

function foundEndpoints(found: OidcMetadata): Endpoints {
  return {
    authorization: found.authorizationEndpoint,
    token: found.tokenEndpoint,
    userinfo: found.userinfoEndpoint ?? undefined,
    revocation: found.revocationEndpoint ?? undefined,
    jwks: found.jwksUri,
  };
}

/** The later ones count, where they say anything. */
function mergeEndpoints(...sources: readonly Endpoints[]): Endpoints {
  return Object.fromEntries(sources.flatMap((source) => Object.entries(source).filter(([, url]) => url !== undefined)));
}

/** Refreshes go where the connector's own token endpoint is, if it has one. */
function addressesOf(endpoints: Endpoints, connector: ConnectorFacts) {
  const { authorization, token, refresh, userinfo, revocation, jwks } = endpoints;
  if (authorization === undefined || token === undefined) {
    const missing = authorization === undefined ? 'authorization' : 'token';
    throw new UpstreamError('misconfigured', `the connector names no ${missing} endpoint`);
  }
  return {
    authorizationEndpoint: authorization,
    tokenEndpoint: token,
    refreshEndpoint: connector.endpoints.token ?? refresh ?? token,
    userinfoEndpoint: userinfo ?? null,
    revocationEndpoint: revocation ?? null,
    jwksUri: jwks ?? null,
  };
}

/** What an id_token and a callback are held to. */
function trustOf(provider: UpstreamProvider, connector: ConnectorFacts, found: OidcMetadata | undefined) {
  if (found) {
    return { issuer: found.issuer, idTokenAlgorithms: found.idTokenAlgorithms, sendsIssuer: found.sendsIssuer };
  }
  const isOpenId = provider.protocol === 'oidc';
  return {
    issuer: isOpenId ? issuerOf(provider, connector) : null,
    idTokenAlgorithms: isOpenId ? USUAL_ALGORITHMS : [],
    sendsIssuer: false,
  };
}

/** A general provider leaves it to the connector; for others only the catalogue knows. */
function clientAuthenticationOf(
  provider: UpstreamProvider,
  connector: ConnectorFacts,
  found: OidcMetadata | undefined,
): ClientAuthentication {
  const own = provider.parameters?.['clientAuthentication'] && connector.parameters['clientAuthentication'];
  if (own === 'basic' || own === 'post') return own;
  return provider.clientAuthentication ?? found?.clientAuthentication ?? 'post';
}

function subjectPathsOf(provider: UpstreamProvider, connector: ConnectorFacts): readonly string[] {
  const { subject, subjectParameter } = provider.identity;
  const own = subjectParameter === undefined ? undefined : connector.parameters[subjectParameter];
  return own === undefined ? subject : [own];
}
