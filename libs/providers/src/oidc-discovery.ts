import { z } from 'zod';
import { UpstreamError } from './upstream-error.js';
import type { IssuerFamily } from './upstream-provider.js';

const address = z.url({ protocol: /^https?$/ });
const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  userinfo_endpoint: address.optional().catch(undefined),
  revocation_endpoint: address.optional().catch(undefined),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

/** The parts of a provider's metadata that a link needs. */
export interface OidcMetadata {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userinfoEndpoint: string | null;
  readonly revocationEndpoint: string | null;
  readonly jwksUri: string;
  readonly clientAuthentication: 'basic' | 'post';
  /** Asymmetric algorithms the provider may sign id_tokens with. */
  readonly idTokenAlgorithms: readonly string[];
  /** Whether callbacks carry `iss` (RFC 9207), which must then be there and right. */
  readonly sendsIssuer: boolean;
}

const ASYMMETRIC = /^(RS|PS|ES)(256|384|512)$|^EdDSA$|^Ed25519$/;

/** Where an issuer publishes its metadata. @see OpenID Connect Discovery 1.0 §4 */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/**
 * Reads a discovery document and holds it to the issuer it was asked for, or to the family it must be of.
 * @throws UpstreamError `misconfigured`
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export function readOidcMetadata(json: unknown, issuer: string | IssuerFamily): OidcMetadata {
  const parsed = discovery.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new UpstreamError('misconfigured', `the discovery document lacks or garbles: ${where}`);
  }
  const found = parsed.data;
  if (!isExpected(found.issuer, issuer)) {
    throw new UpstreamError('misconfigured', 'the discovery document names another issuer than the connector does');
  }
  const methods = found.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const onlyPost = methods.includes('client_secret_post') && !methods.includes('client_secret_basic');
  return {
    issuer: found.issuer,
    authorizationEndpoint: found.authorization_endpoint,
    tokenEndpoint: found.token_endpoint,
    userinfoEndpoint: found.userinfo_endpoint ?? null,
    revocationEndpoint: found.revocation_endpoint ?? null,
    jwksUri: found.jwks_uri,
    clientAuthentication: onlyPost ? 'post' : 'basic',
    idTokenAlgorithms: (found.id_token_signing_alg_values_supported ?? ['RS256']).filter((alg) => ASYMMETRIC.test(alg)),
    sendsIssuer: found.authorization_response_iss_parameter_supported ?? false,
  };
}

function isExpected(found: string, issuer: string | IssuerFamily): boolean {
  if (typeof issuer === 'string') return found === issuer;
  return found === issuer.open || issuer.pattern.test(found);
}
