import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://developer.atlassian.com/cloud/bitbucket/oauth-2/';
const CHANGES =
  'https://community.developer.atlassian.com/t/oauth-2-0-and-api-authentication-changes-for-bitbucket-cloud/99003';
const LIFETIME = 'https://community.developer.atlassian.com/t/oauth2-token-lifetime-expiration-clarification/22136';

export const bitbucket = {
  id: 'bitbucket',

  name: 'Bitbucket',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://bitbucket.org/site/oauth2/authorize',
    token: 'https://bitbucket.org/site/oauth2/access_token',
    userinfo: 'https://api.bitbucket.org/2.0/user',
  },
  clientAuthentication: 'basic',
  pkce: 'none',
  scopes: { separator: ' ', default: ['account'], required: ['account'] },
  token: { lifetime: 7_200 },
  // They stayed before May 2026.
  refresh: { kind: 'refresh_token', rotation: 'single-use', idleSeconds: 7_776_000 },
  identity: { from: 'userinfo', subject: ['account_id'], profile: { name: 'display_name' } },
  webView: 'unknown',
  loginHosts: ['bitbucket.org', 'id.atlassian.com'],
  docs: [OAUTH, CHANGES],
  facts: {
    endpoints: documented(OAUTH),
    clientAuthentication: documented(OAUTH),
    pkce: unverified(OAUTH),
    scopes: unverified(OAUTH),
    'token.lifetime': reported(LIFETIME),
    refresh: documented(CHANGES),
    identity: unverified(OAUTH),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
