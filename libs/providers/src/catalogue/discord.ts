import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://discord.com/developers/docs/topics/oauth2';

export const discord = {
  id: 'discord',

  name: 'Discord',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://discord.com/oauth2/authorize',
    token: 'https://discord.com/api/oauth2/token',
    userinfo: 'https://discord.com/api/users/@me',
    revocation: 'https://discord.com/api/oauth2/token/revoke',
  },
  clientAuthentication: 'basic',
  pkce: 'none',
  scopes: { separator: ' ', default: ['identify', 'email'], required: ['identify'] },
  token: { lifetime: 604_800 },
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: {
    from: 'userinfo',
    subject: ['id'],
    profile: { name: 'global_name|username', email: 'email', locale: 'locale' },
  },
  revocation: { style: 'rfc7009', killsSiblings: true },
  webView: 'unknown',
  loginHosts: ['discord.com'],
  docs: [OAUTH],
  facts: {
    endpoints: documented(OAUTH),
    clientAuthentication: documented(OAUTH),
    pkce: unverified(OAUTH),
    'scopes.required': documented(OAUTH),
    'token.lifetime': documented(OAUTH),
    'refresh.kind': documented(OAUTH),
    'refresh.rotation': unverified(OAUTH),
    identity: documented('https://discord.com/developers/docs/resources/user'),
    revocation: documented(OAUTH),
    loginHosts: documented(OAUTH),
  },
} satisfies UpstreamProvider;
