import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://developers.zoom.us/docs/integrations/oauth/';
const CLIENT = 'https://developers.zoom.us/docs/rooms/oauth/';
const COLLECTION =
  'https://developers.qodex.ai/zoom-public/get-started-fast-with-zoom-apis/f/api-authorization-authentication-legacy-applications-oauth-app-oauth-2-0-with-pkce';

export const zoom = {
  id: 'zoom',

  name: 'Zoom',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://zoom.us/oauth/authorize',
    token: 'https://zoom.us/oauth/token',
    userinfo: 'https://api.zoom.us/v2/users/me',
    revocation: 'https://zoom.us/oauth/revoke',
  },
  clientAuthentication: 'basic',
  pkce: 'S256',
  scopes: { separator: ' ', default: [] },
  token: { lifetime: 3_600 },
  refresh: { kind: 'refresh_token', rotation: 'single-use', maxAgeSeconds: 7_776_000 },
  identity: {
    from: 'userinfo',
    subject: ['id'],
    profile: { name: ['first_name', 'last_name'], email: 'email', picture: 'pic_url' },
  },
  revocation: { style: 'rfc7009', token: 'access', killsSiblings: false },
  webView: 'unknown',
  loginHosts: ['zoom.us'],
  docs: [OAUTH],
  facts: {
    endpoints: reported(COLLECTION),
    clientAuthentication: documented(CLIENT),
    pkce: reported(COLLECTION),
    'token.lifetime': documented('R238'),
    refresh: documented('R238'),
    identity: unverified(OAUTH),
    revocation: reported(COLLECTION),
    'revocation.killsSiblings': unverified(OAUTH),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
