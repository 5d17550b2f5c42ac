import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE = 'https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow';
const REFRESH = 'https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens';
const OPENID = 'https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2';

/** Read by userinfo, not by id_token: LinkedIn does not say that it returns the nonce. */
export const linkedin = {
  id: 'linkedin',

  name: 'LinkedIn',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://www.linkedin.com/oauth/v2/authorization',
    token: 'https://www.linkedin.com/oauth/v2/accessToken',
    userinfo: 'https://api.linkedin.com/v2/userinfo',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ' ', grantedSeparator: ',', default: ['openid', 'profile', 'email'], required: ['openid'] },
  token: { lifetime: 5_184_000 },
  // Only approved partners get a refresh token, and its year does not begin anew.
  refresh: { kind: 'refresh_token', rotation: 'none', maxAgeSeconds: 31_536_000 },
  errors: { declined: ['user_cancelled_login', 'user_cancelled_authorize'] },
  identity: {
    from: 'userinfo',
    subject: ['sub'],
    profile: { name: 'name', email: 'email', picture: 'picture' },
  },
  webView: 'unknown',
  loginHosts: ['www.linkedin.com'],
  docs: [CODE, REFRESH, OPENID],
  facts: {
    endpoints: unverified(CODE),
    clientAuthentication: unverified(CODE),
    pkce: unverified(CODE),
    scopes: unverified(OPENID),
    'token.lifetime': documented('R234'),
    refresh: documented('R234'),
    'refresh.rotation': unverified(REFRESH),
    errors: unverified(CODE),
    identity: unverified(OPENID),
    loginHosts: unverified(CODE),
  },
} satisfies UpstreamProvider;
