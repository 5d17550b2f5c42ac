import { documented, reported, unverified } from '../fact.js';
import { readPath } from '../dotted-path.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const TOKENS =
  'https://developer.withings.com/developer-guide/v3/integration-guide/public-health-data-api/get-access/access-and-refresh-tokens-no-recover';
const REFERENCE = 'https://developer.withings.com/api-reference/';
const NEW_ENDPOINT =
  'https://support.withings.com/hc/en-us/articles/360016745358--BREAKING-Shutting-down-access-and-refresh-tokens-endpoints';

/** 503 stands for any parameter that is wrong; only the words tell a dead token from our own mistakes. */
function readError(_status: number, json: unknown): string | undefined {
  const status = readPath(json, 'status');
  if (typeof status !== 'number' || status === 0) return undefined;
  const words = readPath(json, 'error');
  const blamed = typeof words === 'string' ? /^Invalid Params: invalid (\w+)$/i.exec(words)?.[1] : undefined;
  if (blamed === 'refresh_token' || blamed === 'token') return 'invalid_grant';
  return blamed === 'client_id' || blamed === 'client_secret' ? 'invalid_client' : String(status);
}

export const withings = {
  id: 'withings',
  name: 'Withings',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://account.withings.com/oauth2_user/authorize2',
    token: 'https://wbsapi.withings.net/v2/oauth2',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ',', default: ['user.info'] },
  token: {
    lifetime: 10_800,
    codeParameters: { action: 'requesttoken' },
    refreshParameters: { action: 'requesttoken' },
    paths: {
      accessToken: 'body.access_token',
      refreshToken: 'body.refresh_token',
      expiresIn: 'body.expires_in',
      scope: 'body.scope',
    },
  },
  refresh: { kind: 'refresh_token', rotation: 'grace', graceSeconds: 28_800, maxAgeSeconds: 31_536_000 },
  errors: { transient: ['522', '601'] },
  identity: { from: 'token', subject: ['body.userid'] },
  webView: 'unknown',
  loginHosts: ['account.withings.com'],
  docs: [TOKENS, REFERENCE],
  facts: {
    endpoints: documented(NEW_ENDPOINT),
    clientAuthentication: documented(REFERENCE),
    pkce: unverified(REFERENCE),
    'scopes.separator': documented(REFERENCE),
    'token.lifetime': documented(TOKENS),
    'token.codeParameters': documented(REFERENCE),
    'token.refreshParameters': documented(REFERENCE),
    'token.paths': documented(NEW_ENDPOINT),
    refresh: documented(TOKENS),
    'errors.transient': documented(REFERENCE),
    identity: documented(NEW_ENDPOINT),
    'hooks.readError': reported('https://github.com/home-assistant/home-assistant.io/issues/34285'),
    loginHosts: documented(REFERENCE),
  },
  hooks: { readError },
} satisfies UpstreamProvider;
