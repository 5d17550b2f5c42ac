import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const ADMIN = 'https://www.keycloak.org/docs/latest/server_admin/index.html';
const APPS = 'https://www.keycloak.org/securing-apps/oidc-layers';

export const keycloak = {
  id: 'keycloak',

  name: 'Keycloak',
  protocol: 'oidc',
  issuer: 'https://{host}/realms/{realm}',
  parameters: {
    host: { description: 'the host of the server', example: 'id.example.com', pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/ },
    realm: { description: 'the realm', example: 'home', pattern: /^[A-Za-z0-9_-]{1,60}$/ },
  },
  pkce: 'S256',
  scopes: {
    separator: ' ',
    default: ['openid', 'profile', 'email', 'offline_access'],
    required: ['openid'],
    offline: 'offline_access',
  },
  token: {},
  // Without the offline scope a refresh token ends with the person's session. "Revoke Refresh Token" may be turned on.
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', picture: 'picture', locale: 'locale' },
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: [],
  docs: [APPS, ADMIN],
  facts: {
    issuer: unverified(APPS),
    pkce: unverified(APPS),
    scopes: unverified('R251'),
    refresh: unverified('R251'),
    identity: documented('https://openid.net/specs/openid-connect-core-1_0.html'),
    revocation: unverified(APPS),
  },
} satisfies UpstreamProvider;
