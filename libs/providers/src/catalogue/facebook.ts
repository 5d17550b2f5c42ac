import { readPath } from '../dotted-path.js';
import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const LOGIN = 'https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow';
const LONG_LIVED = 'https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived';
const ERRORS = 'https://developers.facebook.com/docs/graph-api/guides/error-handling';
const PERMISSIONS = 'https://developers.facebook.com/docs/graph-api/reference/user/permissions';

/** A wrong secret has the code of trouble that passes. */
function readError(_status: number, json: unknown): string | undefined {
  return readPath(json, 'error.message') === 'Error validating client secret.' ? 'invalid_client' : undefined;
}

export const facebook = {
  id: 'facebook',
  name: 'Facebook',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://www.facebook.com/v21.0/dialog/oauth',
    token: 'https://graph.facebook.com/v21.0/oauth/access_token',
    userinfo: 'https://graph.facebook.com/v21.0/me',
    revocation: 'https://graph.facebook.com/v21.0/me/permissions',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ',', default: ['public_profile', 'email'] },
  token: { lifetime: 5_184_000, refreshParameters: { grant_type: 'fb_exchange_token' } },
  // An expired token cannot be exchanged: the first one, of an hour or two, has to be traded while it lives.
  refresh: { kind: 'exchange', exchangeParameter: 'fb_exchange_token', rotation: 'replaced' },
  errors: { path: 'error.code', terminal: ['190', '102'], transient: ['1', '2', '4', '17', '341'] },
  identity: {
    from: 'userinfo',
    subject: ['id'],
    profile: { name: 'name', email: 'email' },
    userinfo: { query: { fields: 'id,name,email' } },
  },
  revocation: { style: 'meta-permissions', killsSiblings: true, gone: ['190'] },
  webView: 'unknown',
  loginHosts: ['www.facebook.com', 'm.facebook.com'],
  docs: [LOGIN, LONG_LIVED, ERRORS, PERMISSIONS],
  facts: {
    endpoints: documented(LOGIN),
    clientAuthentication: reported(LOGIN),
    pkce: unverified(LOGIN),
    'scopes.separator': documented(LOGIN),
    'token.lifetime': documented('R226'),
    'token.refreshParameters': documented('R226'),
    refresh: documented('R226'),
    'refresh.rotation': unverified(LONG_LIVED),
    errors: documented(ERRORS),
    identity: documented('https://developers.facebook.com/docs/graph-api/reference/user'),
    revocation: documented(PERMISSIONS),
    'revocation.gone': documented(ERRORS),
    'hooks.readError': reported('https://github.com/facebookarchive/php-graph-sdk/issues/538'),
    loginHosts: unverified(LOGIN),
  },
  hooks: { readError },
} satisfies UpstreamProvider;
