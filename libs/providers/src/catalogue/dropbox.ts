import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const GUIDE = 'https://developers.dropbox.com/oauth-guide';
const OFFLINE = 'https://dropbox.tech/developers/using-oauth-2-0-with-offline-access';
const REFERENCE = 'https://www.dropbox.com/developers/documentation/http/documentation';

export const dropbox = {
  id: 'dropbox',

  name: 'Dropbox',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://www.dropbox.com/oauth2/authorize',
    token: 'https://api.dropboxapi.com/oauth2/token',
    revocation: 'https://api.dropboxapi.com/2/auth/token/revoke',
  },
  clientAuthentication: 'post',
  pkce: 'S256',
  scopes: { separator: ' ', default: [] },
  authorizeParameters: { token_access_type: 'offline' },
  token: { lifetime: 14_400 },
  refresh: { kind: 'refresh_token', rotation: 'none' },
  identity: { from: 'token', subject: ['account_id'] },
  revocation: { style: 'bearer', killsSiblings: false, goneStatuses: [401] },
  webView: 'unknown',
  loginHosts: ['www.dropbox.com'],
  docs: [GUIDE, OFFLINE, REFERENCE],
  facts: {
    endpoints: documented(OFFLINE),
    clientAuthentication: unverified(REFERENCE),
    pkce: documented(GUIDE),
    authorizeParameters: documented('R233'),
    'token.lifetime': unverified(GUIDE),
    refresh: unverified('R233'),
    identity: unverified(REFERENCE),
    revocation: unverified(REFERENCE),
    loginHosts: documented(OFFLINE),
  },
} satisfies UpstreamProvider;
