import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE = 'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm&type=5';
const REFRESH = 'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_refresh_token_flow.htm&type=5';
const USERINFO = 'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm&type=5';

export const salesforce = {
  id: 'salesforce',

  name: 'Salesforce',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://{domain}/services/oauth2/authorize',
    token: 'https://{domain}/services/oauth2/token',
    userinfo: 'https://{domain}/services/oauth2/userinfo',
    revocation: 'https://{domain}/services/oauth2/revoke',
  },
  parameters: {
    domain: {
      description: 'login.salesforce.com, test.salesforce.com or the organisation’s own domain',
      example: 'login.salesforce.com',
      pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)*\.salesforce\.com$/,
    },
  },
  clientAuthentication: 'post',
  pkce: 'S256',
  scopes: { separator: ' ', default: ['openid', 'refresh_token'], required: ['openid'], offline: 'refresh_token' },
  // No answer names a lifetime: it is the session's, which an organisation can set.
  token: { assumedLifetime: 7_200 },
  refresh: { kind: 'refresh_token', rotation: 'none', ceiling: 5 },
  identity: {
    from: 'userinfo',
    subject: ['organization_id', 'user_id'],
    profile: { name: 'name', email: 'email', picture: 'picture', locale: 'locale' },
  },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['login.salesforce.com'],
  docs: [CODE, REFRESH, USERINFO],
  facts: {
    endpoints: unverified(CODE),
    clientAuthentication: unverified(CODE),
    pkce: unverified(CODE),
    scopes: unverified(REFRESH),
    'token.assumedLifetime': unverified('R231'),
    'refresh.kind': unverified(REFRESH),
    'refresh.rotation': unverified(REFRESH),
    'refresh.ceiling': documented('R231'),
    identity: unverified(USERINFO),
    revocation: unverified(CODE),
    loginHosts: unverified(CODE),
  },
} satisfies UpstreamProvider;
