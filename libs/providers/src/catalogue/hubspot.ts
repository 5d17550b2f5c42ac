import { documented, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const GUIDE = 'https://developers.hubspot.com/docs/api-reference/2026-03/authentication/manage-oauth-tokens';
const OVERVIEW =
  'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth';
const SPECIFICATION =
  'https://github.com/HubSpot/HubSpot-public-api-spec-collection/blob/main/PublicApiSpecs/Auth/Oauth/Rollouts/279897/2026-03/oauth.json';
const REVOKE = 'https://developers.hubspot.com/docs/api-reference/latest/authentication/oauth-tokens/revoke-token';
const END_OF_V1 = 'https://developers.hubspot.com/changelog/v1-oauth-api-deprecation';

/**
 * The dated endpoints: those of `/oauth/v1` end on 16 February 2027. Only there was the address that tells a token's
 * owner by a path with the token in it; it is not needed, since the token answer names account and person.
 */
export const hubspot = {
  id: 'hubspot',

  name: 'HubSpot',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://app.hubspot.com/oauth/authorize',
    token: 'https://api.hubapi.com/oauth/2026-03/token',
    revocation: 'https://api.hubapi.com/oauth/2026-03/token/revoke',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ' ', default: ['oauth'] },
  token: { lifetime: 1_800, paths: { scope: 'scopes' } },
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  // A person can install an app in several accounts, and a token belongs to one of them.
  identity: { from: 'token', subject: ['hub_id', 'user_id'] },
  revocation: { style: 'rfc7009', killsSiblings: true },
  webView: 'unknown',
  loginHosts: ['app.hubspot.com', 'app-eu1.hubspot.com'],
  docs: [GUIDE, OVERVIEW, REVOKE, END_OF_V1],
  facts: {
    endpoints: documented(END_OF_V1),
    clientAuthentication: documented(GUIDE),
    pkce: unverified(SPECIFICATION),
    'token.lifetime': documented(GUIDE),
    'token.paths': documented(SPECIFICATION),
    'refresh.kind': documented(GUIDE),
    'refresh.rotation': unverified(GUIDE),
    identity: documented(SPECIFICATION),
    revocation: documented(REVOKE),
    'revocation.killsSiblings': unverified(REVOKE),
    loginHosts: unverified(OVERVIEW),
  },
} satisfies UpstreamProvider;
