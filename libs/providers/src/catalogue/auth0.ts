import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const ROTATION = 'https://auth0.com/docs/secure/tokens/refresh-tokens/refresh-token-rotation';
const REFRESH = 'https://auth0.com/docs/secure/tokens/refresh-tokens/get-refresh-tokens';
const DISCOVERY = 'https://auth0.com/docs/get-started/applications/configure-applications-with-oidc-discovery';

export const auth0 = {
  id: 'auth0',

  name: 'Auth0',
  protocol: 'oidc',
  issuer: 'https://{domain}/',
  parameters: {
    domain: {
      description: 'the domain of the Auth0 tenant',
      example: 'acme.eu.auth0.com',
      pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
    },
  },
  pkce: 'S256',
  scopes: {
    separator: ' ',
    default: ['openid', 'profile', 'email', 'offline_access'],
    required: ['openid'],
    offline: 'offline_access',
  },
  token: {},
  // Rotation is a setting of the tenant; its leeway is 0 unless set.
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', picture: 'picture', locale: 'locale' },
  },
  revocation: { style: 'rfc7009', killsSiblings: true },
  webView: 'unknown',
  loginHosts: [],
  docs: [REFRESH, ROTATION, DISCOVERY],
  facts: {
    issuer: documented(DISCOVERY),
    pkce: unverified(REFRESH),
    scopes: documented('R249'),
    refresh: documented('R249'),
    identity: unverified(DISCOVERY),
    revocation: unverified('https://auth0.com/docs/secure/tokens/refresh-tokens/revoke-refresh-tokens'),
  },
} satisfies UpstreamProvider;
