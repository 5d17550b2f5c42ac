import type { SimulatorContext } from '../context.js';
import { createSigningKey, type SigningKey } from './signing-key.js';
import { UpstreamStore } from './store.js';

/** The simulated OpenID provider "Acme Home". */
export class Upstream {
  readonly store: UpstreamStore;
  readonly signingKey: Promise<SigningKey> = createSigningKey();

  constructor(readonly context: SimulatorContext) {
    this.store = new UpstreamStore(context.now);
  }

  issuer(): string {
    return `${this.context.url()}/oidc`;
  }

  nowSeconds(): number {
    return Math.floor(this.context.now() / 1000);
  }

  discovery(): Record<string, unknown> {
    const issuer = this.issuer();
    const methods = ['client_secret_basic', 'client_secret_post'];
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      revocation_endpoint: `${issuer}/revoke`,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      code_challenge_methods_supported: ['S256'],
      claims_supported: [
        'iss',
        'sub',
        'aud',
        'iat',
        'exp',
        'auth_time',
        'nonce',
        'name',
        'preferred_username',
        'email',
        'email_verified',
      ],
      prompt_values_supported: ['none', 'login', 'select_account'],
      authorization_response_iss_parameter_supported: true,
    };
  }
}
