import { readPath } from '../dotted-path.js';
import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OPENID = 'https://dev.twitch.tv/docs/authentication/getting-tokens-oidc';
const REFRESH = 'https://dev.twitch.tv/docs/authentication/refresh-tokens';
const REVOKE = 'https://dev.twitch.tv/docs/authentication/revoke-tokens';

/** Errors are `{ status, message }`; only the words say which. */
function readError(status: number, json: unknown): string | undefined {
  const message = readPath(json, 'message');
  if (status < 400 || typeof message !== 'string') return undefined;
  const codes: Readonly<Record<string, string>> = {
    'Invalid refresh token': 'invalid_grant',
    'Invalid token': 'invalid_token',
    'invalid client secret': 'invalid_client',
    'invalid client': 'invalid_client',
    'client does not exist': 'invalid_client',
  };
  return codes[message];
}

export const twitch = {
  id: 'twitch',

  name: 'Twitch',
  protocol: 'oidc',
  issuer: 'https://id.twitch.tv/oauth2',
  endpoints: { revocation: 'https://id.twitch.tv/oauth2/revoke' },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ' ', default: ['openid'], required: ['openid'] },
  token: {},
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: { from: 'id_token', subject: ['sub'], profile: { name: 'preferred_username' } },
  revocation: { style: 'rfc7009', token: 'access', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['id.twitch.tv', 'www.twitch.tv'],
  docs: [OPENID, REFRESH, REVOKE],
  facts: {
    issuer: unverified(OPENID),
    endpoints: documented(REVOKE),
    clientAuthentication: documented(REFRESH),
    pkce: unverified(OPENID),
    'scopes.required': unverified(OPENID),
    'refresh.kind': documented(REFRESH),
    'refresh.rotation': unverified('R242'),
    identity: unverified(OPENID),
    revocation: documented(REVOKE),
    'hooks.readError': unverified(REFRESH),
    loginHosts: unverified(OPENID),
  },
  hooks: { readError },
} satisfies UpstreamProvider;
