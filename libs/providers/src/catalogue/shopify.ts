import { documented, reported, unverified } from '../fact.js';
import type { HookRequest, UpstreamProvider } from '../upstream-provider.js';

const STANDALONE = 'https://shopify.dev/docs/apps/build/authentication-authorization/authenticate-standalone-apps';
const OFFLINE = 'https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens';
const EXPIRY = 'https://shopify.dev/changelog/offline-access-tokens-now-support-expiry-and-refresh';
const RETRIES = 'https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens';
const WIKI = 'https://www.github.com/Shopify/omniauth-shopify-oauth2/wiki/Shopify-OAuth';
const ADMIN = 'https://shopify.dev/docs/api/admin-graphql/latest';

/** The Admin API wants the token in a header of its own, which no field names. */
function adaptRequest(request: HookRequest): HookRequest {
  const { authorization, ...headers } = request.headers;
  if (request.purpose !== 'userinfo' || authorization === undefined) return request;
  return { ...request, headers: { ...headers, 'x-shopify-access-token': authorization.replace(/^Bearer /, '') } };
}

/**
 * One shop: a connector for each. Whoever of its staff signs in, the link is the shop's. A person is told only with
 * online tokens (`associated_user`), which end with the person's session in the browser, after a day at most, and
 * cannot be refreshed: nothing that Alexa could use.
 *
 * Uninstalling the app is the only way to end a token, and does more than that, so no revocation is declared. `hmac` of
 * the callback is not looked at: the code is bound by `state` and redeemed at this shop alone.
 */
export const shopify = {
  id: 'shopify',

  name: 'Shopify',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://{shop}.myshopify.com/admin/oauth/authorize',
    token: 'https://{shop}.myshopify.com/admin/oauth/access_token',
    userinfo: 'https://{shop}.myshopify.com/admin/api/2026-10/graphql.json',
  },
  parameters: {
    shop: {
      description: 'the name of the shop: what stands before myshopify.com in its address',
      example: 'acme-lamps',
      pattern: /^[a-z0-9][a-z0-9-]*$/,
    },
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ',', default: [] },
  // Without `expiring` a token lives until the app is uninstalled, and from 2027 on a public app's is refused.
  token: { lifetime: 3_600, codeParameters: { expiring: '1' } },
  // The old one stays good until its successor is used, thirty days at most. A new sign-in ends all before it.
  refresh: {
    kind: 'refresh_token',
    rotation: 'grace',
    graceSeconds: 2_592_000,
    maxAgeSeconds: 7_776_000,
    ceiling: 1,
  },
  identity: {
    from: 'userinfo',
    subject: ['data.shop.id'],
    profile: { name: 'data.shop.name' },
    userinfo: { method: 'POST', bodyFormat: 'json', query: { query: '{ shop { id name } }' } },
  },
  webView: 'unknown',
  loginHosts: ['accounts.shopify.com', 'admin.shopify.com'],
  docs: [STANDALONE, OFFLINE, EXPIRY, RETRIES],
  facts: {
    endpoints: documented(WIKI),
    clientAuthentication: documented(WIKI),
    pkce: unverified(STANDALONE),
    'scopes.separator': documented(WIKI),
    'token.lifetime': documented('R247'),
    'token.codeParameters': reported('https://github.com/NangoHQ/nango/pull/5940'),
    'refresh.kind': documented(EXPIRY),
    'refresh.rotation': documented('R247'),
    'refresh.graceSeconds': documented(RETRIES),
    'refresh.maxAgeSeconds': documented(OFFLINE),
    'refresh.ceiling': documented(OFFLINE),
    identity: documented(ADMIN),
    'hooks.adaptRequest': documented('https://shopify.dev/api/admin/getting-started.md'),
    loginHosts: unverified(STANDALONE),
  },
  hooks: { adaptRequest },
} satisfies UpstreamProvider;
