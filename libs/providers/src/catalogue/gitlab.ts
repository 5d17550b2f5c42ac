import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://docs.gitlab.com/api/oauth2/';
const OPENID = 'https://docs.gitlab.com/integration/openid_connect_provider/';

/** gitlab.com; one’s own server is named by `issuer`. */
export const gitlab = {
  id: 'gitlab',

  name: 'GitLab',
  protocol: 'oidc',
  issuer: 'https://gitlab.com',
  pkce: 'S256',
  scopes: { separator: ' ', default: ['openid', 'profile', 'email'], required: ['openid'] },
  token: { lifetime: 7_200 },
  refresh: { kind: 'refresh_token', rotation: 'single-use', killsPreviousAccessToken: true },
  identity: {
    from: 'id_token',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', picture: 'picture' },
    profileFrom: 'userinfo',
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['gitlab.com'],
  docs: [OAUTH, OPENID],
  facts: {
    issuer: unverified(OPENID),
    pkce: documented(OAUTH),
    'scopes.required': documented(OPENID),
    'token.lifetime': documented(OAUTH),
    refresh: documented(OAUTH),
    identity: documented(OPENID),
    revocation: documented(OAUTH),
    'revocation.killsSiblings': unverified(OAUTH),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
