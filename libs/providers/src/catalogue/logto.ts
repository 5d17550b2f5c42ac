import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OIDC = 'https://docs.logto.io/integrate-logto/third-party-applications';
const REFRESH = 'https://docs.logto.io/integrate-logto/application-data-structure';

export const logto = {
  id: 'logto',

  name: 'Logto',
  protocol: 'oidc',
  issuer: 'https://{domain}/oidc',
  parameters: {
    domain: {
      description: 'the domain of the Logto tenant',
      example: 'acme.logto.app',
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
  consentParameters: { prompt: 'consent' },
  consentWithOfflineScope: true,
  token: {},
  // For a client with a secret there is a new one only late in the life of the old, unless the tenant says otherwise.
  refresh: { kind: 'refresh_token', rotation: 'single-use', idleSeconds: 1_209_600 },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name|username', email: 'email', picture: 'picture' },
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: [],
  docs: [OIDC, REFRESH],
  facts: {
    issuer: unverified(OIDC),
    pkce: unverified(OIDC),
    scopes: documented(REFRESH),
    'scopes.required': unverified(OIDC),
    consentParameters: documented(REFRESH),
    consentWithOfflineScope: documented(REFRESH),
    refresh: documented(REFRESH),
    identity: unverified(OIDC),
    revocation: unverified(OIDC),
  },
} satisfies UpstreamProvider;
