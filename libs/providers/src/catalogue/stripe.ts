import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const REFERENCE = 'https://docs.stripe.com/connect/oauth-reference';
const STANDARD = 'https://docs.stripe.com/connect/oauth-standard-accounts';

/**
 * Stripe Connect for Standard accounts. The client secret is the platform's secret API key, of the mode (live or test)
 * of the client id.
 *
 * An access token is a secret key of the account and does not expire. The refresh token is no successor's: it gives a
 * token of a lesser scope or of the other mode, and ends the access token of the same scope and mode. So nothing is
 * refreshed here. Stripe advises against both and for the platform's own key with the account's id, which is the subject.
 *
 * `/oauth/deauthorize` wants the account's id and not a token, so it is not declared.
 */
export const stripe = {
  id: 'stripe',

  name: 'Stripe',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://connect.stripe.com/oauth/authorize',
    token: 'https://connect.stripe.com/oauth/token',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  // `read_only` is for extensions alone.
  scopes: { separator: ' ', default: ['read_write'] },
  token: {},
  refresh: { kind: 'none', rotation: 'none', killsPreviousAccessToken: true },
  identity: { from: 'token', subject: ['stripe_user_id'] },
  webView: 'unknown',
  loginHosts: ['connect.stripe.com'],
  docs: [STANDARD, REFERENCE],
  facts: {
    endpoints: documented(REFERENCE),
    clientAuthentication: documented(REFERENCE),
    pkce: unverified(REFERENCE),
    refresh: documented(REFERENCE),
    'refresh.kind': reported('https://github.com/stripe/stripe-dotnet/pull/1542'),
    identity: documented(REFERENCE),
    loginHosts: unverified(REFERENCE),
  },
} satisfies UpstreamProvider;
