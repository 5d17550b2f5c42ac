import { documented, reported } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH_APPS = 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps';
const ERRORS =
  'https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors';
const GRANTS = 'https://docs.github.com/en/rest/apps/oauth-applications';

export const github = {
  id: 'github',
  name: 'GitHub',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
    userinfo: 'https://api.github.com/user',
    revocation: 'https://api.github.com/applications/{clientId}/grant',
  },
  clientAuthentication: 'post',
  pkce: 'S256',
  scopes: { separator: ' ', grantedSeparator: ',', default: ['read:user', 'user:email'] },
  token: {},
  refresh: { kind: 'none', rotation: 'none' },
  errors: { misconfigured: ['incorrect_client_credentials', 'redirect_uri_mismatch'] },
  identity: {
    from: 'userinfo',
    subject: ['id'],
    profile: { name: 'name|login', email: 'email', picture: 'avatar_url' },
    userinfo: { headers: { accept: 'application/vnd.github+json', 'user-agent': 'linkbroker' } },
  },
  revocation: { style: 'github-grant', killsSiblings: true, goneStatuses: [404, 422] },
  webView: 'unknown',
  loginHosts: ['github.com'],
  docs: [OAUTH_APPS, ERRORS, GRANTS],
  facts: {
    endpoints: documented(OAUTH_APPS),
    clientAuthentication: documented(OAUTH_APPS),
    pkce: documented('R221'),
    'scopes.grantedSeparator': documented('R219'),
    'refresh.kind': documented('R220'),
    'refresh.rotation': documented('R220'),
    'errors.misconfigured': documented('R218'),
    identity: documented('https://docs.github.com/en/rest/users/users'),
    revocation: documented(GRANTS),
    'revocation.goneStatuses': reported(GRANTS),
    loginHosts: documented(OAUTH_APPS),
  },
} satisfies UpstreamProvider;
