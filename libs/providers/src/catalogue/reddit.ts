import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://github.com/reddit-archive/reddit/wiki/OAuth2';
const RULES = 'https://github.com/reddit-archive/reddit/wiki/API';

export const reddit = {
  id: 'reddit',

  name: 'Reddit',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://www.reddit.com/api/v1/authorize',
    token: 'https://www.reddit.com/api/v1/access_token',
    userinfo: 'https://oauth.reddit.com/api/v1/me',
    revocation: 'https://www.reddit.com/api/v1/revoke_token',
  },
  clientAuthentication: 'basic',
  pkce: 'none',
  scopes: { separator: ' ', default: ['identity'], required: ['identity'] },
  authorizeParameters: { duration: 'permanent' },
  token: { headers: { 'user-agent': 'web:linkbroker:1 (account linking)' } },
  refresh: { kind: 'refresh_token', rotation: 'none' },
  identity: {
    from: 'userinfo',
    subject: ['id'],
    profile: { name: 'name' },
    userinfo: { headers: { 'user-agent': 'web:linkbroker:1 (account linking)' } },
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['www.reddit.com'],
  docs: [OAUTH, RULES],
  facts: {
    endpoints: unverified(OAUTH),
    clientAuthentication: documented('R244'),
    pkce: unverified(OAUTH),
    'scopes.required': unverified(OAUTH),
    authorizeParameters: documented('R244'),
    'token.headers': unverified('R244'),
    refresh: unverified(OAUTH),
    identity: unverified(OAUTH),
    revocation: unverified(OAUTH),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
