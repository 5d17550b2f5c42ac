import { unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OIDC = 'https://docs.logto.io/integrate-logto/third-party-applications';
const REFRESH =
  'https://docs.logto.io/integrate-logto/integrate-logto-into-your-application/understand-authentication-flow';

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
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
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
    scopes: unverified(REFRESH),
    consentParameters: unverified(REFRESH),
    consentWithOfflineScope: unverified(REFRESH),
    refresh: unverified(REFRESH),
    identity: unverified(OIDC),
    revocation: unverified(OIDC),
  },
} satisfies UpstreamProvider;
