import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const OAUTH = 'https://developer.smartthings.com/docs/service-integrations/oauth';
const TOKENS = 'https://developer.smartthings.com/docs/service-integrations/token-management';
const LIFETIMES = 'https://smartthings.developer.samsung.com/docs/how-to/refresh-token.html';
const STAFF =
  'https://community.smartthings.com/t/how-can-users-obtain-a-token-to-access-the-smartthings-api-using-the-oauth2-method/280271';

/**
 * An API access app (of the kind OAuth-In). Samsung's examples name the client in the body as well as by Basic; clients
 * that leave it out are answered all the same.
 */
export const smartthings = {
  id: 'smartthings',

  name: 'SmartThings',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://api.smartthings.com/v1/oauth/authorize',
    token: 'https://api.smartthings.com/v1/oauth/token',
  },
  clientAuthentication: 'basic',
  pkce: 'none',
  scopes: { separator: ' ', default: ['r:devices:*'] },
  token: { lifetime: 86_400 },
  refresh: {
    kind: 'refresh_token',
    rotation: 'single-use',
    maxAgeSeconds: 2_592_000,
    killsPreviousAccessToken: true,
  },
  // One location of one account. A token works for that alone, so the account would not tell two of them apart.
  identity: { from: 'token', subject: ['installed_app_id'] },
  webView: 'unknown',
  loginHosts: ['api.smartthings.com', 'account.samsung.com'],
  docs: [OAUTH, TOKENS, LIFETIMES],
  facts: {
    endpoints: documented(OAUTH),
    clientAuthentication: documented(TOKENS),
    pkce: unverified(OAUTH),
    'token.lifetime': documented(TOKENS),
    'refresh.kind': documented(TOKENS),
    'refresh.rotation': documented(TOKENS),
    'refresh.maxAgeSeconds': documented(LIFETIMES),
    'refresh.killsPreviousAccessToken': reported(STAFF),
    identity: documented(TOKENS),
    loginHosts: unverified(OAUTH),
  },
} satisfies UpstreamProvider;
