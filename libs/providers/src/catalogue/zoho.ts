import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE = 'https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html';
const REFRESH = 'https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html';
const REVOKE = 'https://www.zoho.com/accounts/protocol/oauth/web-apps/revoke-tokens.html';

/** One data centre: people of another one need a connector with its region. */
export const zoho = {
  id: 'zoho',

  name: 'Zoho',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://accounts.zoho.{region}/oauth/v2/auth',
    token: 'https://accounts.zoho.{region}/oauth/v2/token',
    userinfo: 'https://accounts.zoho.{region}/oauth/user/info',
    revocation: 'https://accounts.zoho.{region}/oauth/v2/token/revoke',
  },
  parameters: {
    region: {
      description: 'the end of the accounts domain: com, eu, in, com.au, jp, sa or uk',
      example: 'eu',
      pattern: /^(com|eu|in|com\.au|jp|sa|uk)$/,
    },
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: {
    separator: ',',
    grantedSeparator: ' ',
    default: ['AaaServer.profile.READ'],
    required: ['AaaServer.profile.READ'],
  },
  authorizeParameters: { access_type: 'offline' },
  consentParameters: { prompt: 'consent' },
  token: { lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'none', ceiling: 20 },
  errors: { terminal: ['invalid_code', 'invalid_grant'] },
  identity: { from: 'userinfo', subject: ['ZUID'], profile: { name: 'Display_Name', email: 'Email' } },
  revocation: { style: 'token-only', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['accounts.zoho.com', 'accounts.zoho.eu'],
  docs: [CODE, REFRESH, REVOKE],
  facts: {
    endpoints: unverified(CODE),
    clientAuthentication: unverified(CODE),
    pkce: unverified(CODE),
    scopes: unverified(CODE),
    authorizeParameters: documented('R246'),
    consentParameters: documented('R246'),
    'token.lifetime': documented('https://www.zoho.com/contracts/api/getting-started/refreshing-access-tokens.html'),
    'refresh.kind': documented('https://www.zoho.com/contracts/api/getting-started/refreshing-access-tokens.html'),
    'refresh.rotation': documented('https://www.zoho.com/contracts/api/getting-started/refreshing-access-tokens.html'),
    'refresh.ceiling': documented('R246'),
    'errors.terminal': unverified(REFRESH),
    identity: unverified(CODE),
    revocation: documented('https://www.zoho.com/contracts/api/getting-started/refreshing-access-tokens.html'),
    'revocation.killsSiblings': unverified(REVOKE),
    loginHosts: unverified(CODE),
  },
} satisfies UpstreamProvider;
