import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const INSTALLING = 'https://docs.slack.dev/authentication/installing-with-oauth';
const ROTATION = 'https://docs.slack.dev/authentication/using-token-rotation';
const ACCESS = 'https://docs.slack.dev/reference/methods/oauth.v2.access';
const REVOKE = 'https://docs.slack.dev/reference/methods/auth.revoke';

/** The person's own token, not that of a bot. */
export const slack = {
  id: 'slack',
  name: 'Slack',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://slack.com/oauth/v2/authorize',
    token: 'https://slack.com/api/oauth.v2.access',
    revocation: 'https://slack.com/api/auth.revoke',
  },
  clientAuthentication: 'basic',
  pkce: 'none',
  scopes: { separator: ',', parameter: 'user_scope', default: ['users:read'] },
  token: {
    lifetime: 43_200,
    paths: {
      accessToken: 'authed_user.access_token',
      refreshToken: 'authed_user.refresh_token',
      expiresIn: 'authed_user.expires_in',
      scope: 'authed_user.scope',
    },
    refreshPaths: {},
  },
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  errors: {
    terminal: ['invalid_refresh_token', 'token_revoked', 'account_inactive'],
    misconfigured: ['bad_client_secret', 'invalid_client_id', 'bad_redirect_uri', 'oauth_authorization_url_mismatch'],
    transient: ['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable'],
  },
  identity: { from: 'token', subject: ['team.id', 'authed_user.id'] },
  revocation: {
    style: 'token-only',
    token: 'access',
    killsSiblings: false,
    gone: ['token_revoked', 'token_expired', 'invalid_auth', 'account_inactive'],
  },
  webView: 'unknown',
  loginHosts: ['slack.com', '*.slack.com'],
  docs: [INSTALLING, ROTATION, ACCESS],
  facts: {
    endpoints: documented(ACCESS),
    clientAuthentication: documented(ACCESS),
    pkce: documented('R230'),
    scopes: documented(INSTALLING),
    'token.lifetime': documented(ROTATION),
    'token.paths': documented('R230'),
    'token.refreshPaths': documented(ROTATION),
    refresh: documented(ROTATION),
    errors: documented(ACCESS),
    'errors.terminal': reported(ROTATION),
    identity: documented(ACCESS),
    revocation: documented(REVOKE),
    'revocation.killsSiblings': unverified(REVOKE),
    loginHosts: unverified(INSTALLING),
  },
} satisfies UpstreamProvider;
