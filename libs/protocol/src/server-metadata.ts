import { TOKEN_EXCHANGE } from './token-request.js';

/** Authorization server metadata of the facade. @param issuer BROKER_URL without a trailing slash @see RFC 8414 §2 */
export function buildServerMetadata(issuer: string): Record<string, unknown> {
  const methods = ['client_secret_basic', 'client_secret_post'];
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    // What the server can do; a skill has the implicit grant only where its configuration says so (R123).
    response_types_supported: ['code', 'token'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: ['authorization_code', 'implicit', 'refresh_token', TOKEN_EXCHANGE],
    userinfo_endpoint: `${issuer}/oauth/userinfo`,
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    code_challenge_methods_supported: ['S256'],
  };
}
