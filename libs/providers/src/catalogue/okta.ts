import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const REFRESH = 'https://developer.okta.com/docs/guides/refresh-tokens/main/';
const SERVERS = 'https://developer.okta.com/docs/concepts/auth-servers/';
const LEEWAY =
  'https://github.com/okta/okta-sdk-dotnet/blob/master/docs/OpenIdConnectApplicationSettingsRefreshToken.md';

/** A custom authorization server; that of the organisation itself is named by `issuer`. */
export const okta = {
  id: 'okta',

  name: 'Okta',
  protocol: 'oidc',
  issuer: 'https://{domain}/oauth2/{server}',
  parameters: {
    domain: {
      description: 'the domain of the organisation',
      example: 'acme.okta.com',
      pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
    },
    server: { description: 'the id of the authorization server', example: 'default', pattern: /^[A-Za-z0-9]{1,40}$/ },
  },
  pkce: 'S256',
  scopes: {
    separator: ' ',
    default: ['openid', 'profile', 'email', 'offline_access'],
    required: ['openid'],
    offline: 'offline_access',
  },
  token: {},
  refresh: { kind: 'refresh_token', rotation: 'grace', graceSeconds: 30 },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', locale: 'locale' },
    profileFrom: 'userinfo',
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: [],
  docs: [REFRESH, SERVERS],
  facts: {
    issuer: unverified(SERVERS),
    pkce: unverified(REFRESH),
    scopes: unverified('R250'),
    refresh: documented(LEEWAY),
    identity: unverified(SERVERS),
    revocation: unverified('https://developer.okta.com/docs/guides/revoke-tokens/main/'),
  },
} satisfies UpstreamProvider;
