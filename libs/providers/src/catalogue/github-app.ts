import { documented, reported } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const USER_TOKENS =
  'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app';
const REFRESHING =
  'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens';
const GRANTS = 'https://docs.github.com/en/rest/apps/oauth-applications';

/** User tokens of a GitHub App, which has permissions instead of scopes. */
export const githubApp = {
  id: 'github-app',
  name: 'GitHub App',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
    userinfo: 'https://api.github.com/user',
    revocation: 'https://api.github.com/applications/{clientId}/grant',
  },
  clientAuthentication: 'post',
  pkce: 'S256',
  scopes: { separator: ' ', grantedSeparator: ',', default: [] },
  token: { lifetime: 28_800 },
  refresh: {
    kind: 'refresh_token',
    rotation: 'single-use',
    maxAgeSeconds: 15_897_600,
    killsPreviousAccessToken: true,
  },
  errors: {
    terminal: ['bad_refresh_token'],
    misconfigured: ['incorrect_client_credentials', 'redirect_uri_mismatch'],
  },
  identity: {
    from: 'userinfo',
    subject: ['id'],
    profile: { name: 'name|login', email: 'email', picture: 'avatar_url' },
    userinfo: { headers: { accept: 'application/vnd.github+json', 'user-agent': 'linkbroker' } },
  },
  revocation: { style: 'github-grant', killsSiblings: true, goneStatuses: [404, 422] },
  webView: 'unknown',
  loginHosts: ['github.com'],
  docs: [USER_TOKENS, REFRESHING, GRANTS],
  facts: {
    endpoints: documented(USER_TOKENS),
    clientAuthentication: documented(USER_TOKENS),
    pkce: documented('R221'),
    'scopes.grantedSeparator': documented('R219'),
    'token.lifetime': documented(USER_TOKENS),
    'refresh.kind': documented(REFRESHING),
    'refresh.rotation': documented(REFRESHING),
    'refresh.maxAgeSeconds': documented(USER_TOKENS),
    'refresh.killsPreviousAccessToken': documented(REFRESHING),
    'errors.terminal': reported(REFRESHING),
    'errors.misconfigured': documented('R218'),
    identity: documented('https://docs.github.com/en/rest/users/users'),
    revocation: documented(GRANTS),
    'revocation.goneStatuses': reported(GRANTS),
    loginHosts: documented(USER_TOKENS),
  },
} satisfies UpstreamProvider;
