import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const GRANT = 'https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html';
const REFRESH = 'https://developer.amazon.com/docs/login-with-amazon/refresh-token.html';
const PROFILE = 'https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html';

/** Login with Amazon, as an account of its own: not the tokens that Alexa hands to a skill. */
export const amazon = {
  id: 'amazon',

  name: 'Amazon',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://www.amazon.com/ap/oa',
    token: 'https://api.amazon.com/auth/o2/token',
    userinfo: 'https://api.amazon.com/user/profile',
  },
  clientAuthentication: 'post',
  pkce: 'S256',
  scopes: { separator: ' ', default: ['profile'] },
  token: { lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'replaced' },
  identity: { from: 'userinfo', subject: ['user_id'], profile: { name: 'name', email: 'email' } },
  webView: 'unknown',
  loginHosts: ['www.amazon.com'],
  docs: [GRANT, REFRESH, PROFILE],
  facts: {
    endpoints: documented(GRANT),
    clientAuthentication: documented(GRANT),
    pkce: documented(GRANT),
    'token.lifetime': unverified(GRANT),
    refresh: documented('R248'),
    identity: documented(PROFILE),
    loginHosts: documented(GRANT),
  },
} satisfies UpstreamProvider;
