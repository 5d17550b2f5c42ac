import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE = 'https://developer.xero.com/documentation/guides/oauth2/auth-flow/';
const LIMITS = 'https://developer.xero.com/documentation/guides/oauth2/token-types/';

export const xero = {
  id: 'xero',

  name: 'Xero',
  protocol: 'oidc',
  issuer: 'https://identity.xero.com',
  clientAuthentication: 'basic',
  pkce: 'S256',
  scopes: {
    separator: ' ',
    default: ['openid', 'profile', 'email', 'offline_access'],
    required: ['openid'],
    offline: 'offline_access',
  },
  token: { lifetime: 1_800 },
  refresh: { kind: 'refresh_token', rotation: 'grace', graceSeconds: 1_800, maxAgeSeconds: 5_184_000 },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: ['given_name', 'family_name'], email: 'email' },
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['login.xero.com', 'identity.xero.com'],
  docs: [CODE, LIMITS],
  facts: {
    issuer: unverified(CODE),
    clientAuthentication: unverified(CODE),
    pkce: unverified(CODE),
    scopes: unverified(CODE),
    'scopes.offline': documented('R241'),
    'token.lifetime': documented('R241'),
    refresh: unverified('R241'),
    identity: unverified(CODE),
    revocation: unverified(CODE),
    loginHosts: unverified(CODE),
  },
} satisfies UpstreamProvider;
