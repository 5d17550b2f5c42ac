import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const REFRESH = 'https://developer.box.com/guides/authentication/tokens/refresh';
const TOKENS = 'https://developer.box.com/guides/authentication/tokens/access-tokens/';
const OAUTH = 'https://developer.box.com/guides/authentication/oauth2/';

export const box = {
  id: 'box',

  name: 'Box',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://account.box.com/api/oauth2/authorize',
    token: 'https://api.box.com/oauth2/token',
    userinfo: 'https://api.box.com/2.0/users/me',
    revocation: 'https://api.box.com/oauth2/revoke',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ' ', default: [] },
  token: { lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'single-use', maxAgeSeconds: 5_184_000 },
  identity: { from: 'userinfo', subject: ['id'], profile: { name: 'name', email: 'login', picture: 'avatar_url' } },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['account.box.com'],
  docs: [OAUTH, TOKENS, REFRESH],
  facts: {
    endpoints: documented(OAUTH),
    clientAuthentication: unverified(OAUTH),
    pkce: unverified(OAUTH),
    'token.lifetime': documented(TOKENS),
    refresh: documented(REFRESH),
    identity: unverified('https://developer.box.com/reference/get-users-me/'),
    revocation: unverified('https://developer.box.com/reference/post-oauth2-revoke/'),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
