import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://developers.zoom.us/docs/integrations/oauth/';

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
  pkce: 'none',
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
    endpoints: unverified(OAUTH),
    clientAuthentication: unverified(OAUTH),
    pkce: unverified(OAUTH),
    'token.lifetime': documented('R238'),
    refresh: documented('R238'),
    identity: unverified(OAUTH),
    revocation: unverified(OAUTH),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
