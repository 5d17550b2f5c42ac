import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE = 'https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/';
const REFRESH = 'https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens';
const REPORTS = 'https://mrrefactoring.github.io/jira.js/guide/oauth2-authentication';

export const atlassian = {
  id: 'atlassian',

  name: 'Atlassian',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://auth.atlassian.com/authorize',
    token: 'https://auth.atlassian.com/oauth/token',
    userinfo: 'https://api.atlassian.com/me',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ' ', default: ['read:me', 'offline_access'], required: ['read:me'], offline: 'offline_access' },
  authorizeParameters: { audience: 'api.atlassian.com', prompt: 'consent' },
  token: { bodyFormat: 'json', lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'single-use', idleSeconds: 7_776_000 },
  // A wrong secret gets the code that a person gets who declines.
  errors: { misconfigured: ['access_denied'] },
  identity: {
    from: 'userinfo',
    subject: ['account_id'],
    profile: { name: 'name', email: 'email', picture: 'picture' },
  },
  webView: 'unknown',
  loginHosts: ['auth.atlassian.com', 'id.atlassian.com'],
  docs: [CODE, REFRESH],
  facts: {
    endpoints: documented('R240'),
    clientAuthentication: documented(REFRESH),
    pkce: unverified(CODE),
    scopes: documented(REFRESH),
    authorizeParameters: documented('R240'),
    'token.bodyFormat': unverified(REFRESH),
    'token.lifetime': reported(REPORTS),
    refresh: documented('R240'),
    'refresh.idleSeconds': reported(REPORTS),
    'errors.misconfigured': reported(REPORTS),
    identity: unverified(CODE),
    loginHosts: unverified(CODE),
  },
} satisfies UpstreamProvider;
