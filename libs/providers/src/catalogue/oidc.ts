import { documented } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CORE = 'https://openid.net/specs/openid-connect-core-1_0.html';

/** Any OpenID provider, by its issuer. */
export const oidc = {
  id: 'oidc',
  name: 'OpenID Connect',
  protocol: 'oidc',
  parameters: {
    clientAuthentication: {
      description: 'how the client shows its secret, where discovery is wrong about it: basic or post',
      example: 'post',
      pattern: /^(basic|post)$/,
      optional: true,
    },
  },
  pkce: 'S256',
  scopes: {
    separator: ' ',
    default: ['openid', 'offline_access'],
    required: ['openid'],
    offline: 'offline_access',
  },
  consentParameters: { prompt: 'consent' },
  consentWithOfflineScope: true,
  token: {},
  // Nobody knows which; a refresh token that may be spent has to be treated as if it were.
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', picture: 'picture', locale: 'locale' },
    profileFrom: 'userinfo',
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: [],
  docs: [CORE],
  facts: {
    pkce: documented('https://www.rfc-editor.org/rfc/rfc9700'),
    'scopes.required': documented(CORE),
    'scopes.offline': documented(CORE),
    consentParameters: documented(CORE),
    consentWithOfflineScope: documented(CORE),
    refresh: documented('https://www.rfc-editor.org/rfc/rfc6749'),
    identity: documented(CORE),
    revocation: documented('https://www.rfc-editor.org/rfc/rfc7009'),
  },
} satisfies UpstreamProvider;
