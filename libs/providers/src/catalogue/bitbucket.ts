import { unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://developer.atlassian.com/cloud/bitbucket/oauth-2/';

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
  token: { lifetime: 7_200, paths: { scope: 'scopes' } },
  refresh: { kind: 'refresh_token', rotation: 'none' },
  identity: { from: 'userinfo', subject: ['account_id'], profile: { name: 'display_name' } },
  webView: 'unknown',
  loginHosts: ['bitbucket.org', 'id.atlassian.com'],
  docs: [OAUTH],
  facts: {
    endpoints: unverified(OAUTH),
    clientAuthentication: unverified(OAUTH),
    pkce: unverified(OAUTH),
    scopes: unverified(OAUTH),
    token: unverified(OAUTH),
    refresh: unverified(OAUTH),
    identity: unverified(OAUTH),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
