import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const CODE = 'https://developer.spotify.com/documentation/web-api/tutorials/code-flow';
const REFRESH = 'https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens';
const ME = 'https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile';

export const spotify = {
  id: 'spotify',

  name: 'Spotify',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://accounts.spotify.com/authorize',
    token: 'https://accounts.spotify.com/api/token',
    userinfo: 'https://api.spotify.com/v1/me',
  },
  clientAuthentication: 'basic',
  pkce: 'none',
  scopes: { separator: ' ', default: ['user-read-private', 'user-read-email'] },
  token: { lifetime: 3_600 },
  // Half a year from the sign-in, whatever is refreshed in between.
  refresh: { kind: 'refresh_token', rotation: 'none', maxAgeSeconds: 15_552_000 },
  identity: {
    from: 'userinfo',
    // Spotify asks for `account_id` where accounts are linked: `id` need not stay the same.
    subject: ['account_id|id'],
    profile: { name: 'display_name', email: 'email', picture: 'images.0.url' },
  },
  webView: 'unknown',
  loginHosts: ['accounts.spotify.com'],
  docs: [CODE, REFRESH, ME],
  facts: {
    endpoints: documented(REFRESH),
    clientAuthentication: documented(REFRESH),
    pkce: unverified(CODE),
    'token.lifetime': documented(REFRESH),
    refresh: documented(REFRESH),
    'refresh.rotation': documented('R229'),
    identity: documented(ME),
    loginHosts: unverified(CODE),
  },
} satisfies UpstreamProvider;
