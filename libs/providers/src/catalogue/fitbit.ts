import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const GUIDE = 'https://dev.fitbit.com/build/reference/web-api/developer-guide/authorization';
const AUTHORIZE = 'https://dev.fitbit.com/build/reference/web-api/authorization/authorize';
const CODE = 'https://dev.fitbit.com/build/reference/web-api/authorization/oauth2-token';
const REFRESH = 'https://dev.fitbit.com/build/reference/web-api/authorization/refresh-token';
const REVOKE = 'https://dev.fitbit.com/build/reference/web-api/authorization/revoke-token';
const PRACTICES = 'https://dev.fitbit.com/build/reference/web-api/developer-guide/best-practices';
const ERRORS = 'https://dev.fitbit.com/build/reference/web-api/troubleshooting-guide/error-handling';
const MIGRATION = 'https://developers.google.com/health/migration';

/**
 * The Fitbit Web API with its own sign-in, as apps of the type Server use it. Google turns both off; what follows, the
 * Google Health API, is signed in to at Google, and no token of Fitbit's carries over.
 */
export const fitbit = {
  id: 'fitbit',

  name: 'Fitbit',
  protocol: 'oauth2',
  retires: '2026-11-02',
  endpoints: {
    authorization: 'https://www.fitbit.com/oauth2/authorize',
    token: 'https://api.fitbit.com/oauth2/token',
    revocation: 'https://api.fitbit.com/oauth2/revoke',
  },
  clientAuthentication: 'basic',
  pkce: 'S256',
  scopes: { separator: ' ', default: ['profile'] },
  token: { lifetime: 28_800 },
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  // `{ errors: [{ errorType, message }], success: false }`, also from the token endpoint.
  errors: { path: 'errors.0.errorType' },
  identity: { from: 'token', subject: ['user_id'] },
  revocation: { style: 'rfc7009', killsSiblings: true },
  webView: 'unknown',
  loginHosts: ['www.fitbit.com', 'accounts.google.com'],
  docs: [GUIDE, AUTHORIZE, CODE, REFRESH, REVOKE, MIGRATION],
  facts: {
    retires: documented('https://developers.google.com/health/reference/rest/v4beta/users'),
    endpoints: documented(AUTHORIZE),
    clientAuthentication: documented('R236'),
    pkce: documented(GUIDE),
    'token.lifetime': documented('R236'),
    'refresh.kind': documented(REFRESH),
    'refresh.rotation': documented(PRACTICES),
    errors: documented(ERRORS),
    'errors.path': reported('https://github.com/aarondcoleman/Fitbit.NET/issues/320'),
    identity: reported('https://search.r-project.org/CRAN/refmans/fitbitViz/html/refresh_token_app.html'),
    revocation: documented(REVOKE),
    loginHosts: unverified(AUTHORIZE),
  },
} satisfies UpstreamProvider;
