import { readPath } from '../dotted-path.js';
import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE = 'https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code';
const ME = 'https://docs.x.com/x-api/users/get-my-user';

/** A dead refresh token is called an invalid request; only the words tell it from one of our making. */
function readError(_status: number, json: unknown): string | undefined {
  const dead = readPath(json, 'error_description') === 'Value passed for the token was invalid.';
  return dead && readPath(json, 'error') === 'invalid_request' ? 'invalid_grant' : undefined;
}

export const xTwitter = {
  id: 'x-twitter',

  name: 'X',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://x.com/i/oauth2/authorize',
    token: 'https://api.x.com/2/oauth2/token',
    userinfo: 'https://api.x.com/2/users/me',
    revocation: 'https://api.x.com/2/oauth2/revoke',
  },
  clientAuthentication: 'basic',
  pkce: 'S256',
  scopes: {
    separator: ' ',
    default: ['users.read', 'tweet.read', 'offline.access'],
    required: ['users.read', 'tweet.read'],
    offline: 'offline.access',
  },
  token: { lifetime: 7_200 },
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: { from: 'userinfo', subject: ['data.id'], profile: { name: 'data.name|data.username' } },
  revocation: { style: 'rfc7009', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['x.com', 'twitter.com'],
  docs: [CODE, ME],
  facts: {
    endpoints: unverified(CODE),
    clientAuthentication: documented('R232'),
    pkce: unverified('R232'),
    scopes: unverified(ME),
    'scopes.offline': documented('R232'),
    'token.lifetime': documented('R232'),
    refresh: documented('R232'),
    identity: unverified(ME),
    revocation: unverified(CODE),
    'hooks.readError': unverified('https://github.com/plhery/node-twitter-api-v2/issues/496'),
    loginHosts: unverified(CODE),
  },
  hooks: { readError },
} satisfies UpstreamProvider;
