import { readPath } from '../dotted-path.js';
import { documented, reported, unverified } from '../fact.js';
import type { UpstreamProvider } from '../upstream-provider.js';

const AUTHENTICATION = 'https://developers.strava.com/docs/authentication';
const REPORT = 'https://communityhub.strava.com/developers-api-7/401-error-for-get-requests-3198';

/** An error is a list of what is wrong with what: `{ errors: [{ resource, field, code }] }`. */
function readError(_status: number, json: unknown): string | undefined {
  const [resource, code] = [readPath(json, 'errors.0.resource'), readPath(json, 'errors.0.code')];
  if (typeof resource !== 'string' || typeof code !== 'string') return undefined;
  if (resource === 'RefreshToken' && code === 'invalid') return 'invalid_grant';
  return resource === 'Application' && code === 'invalid' ? 'invalid_client' : `${resource}:${code}`;
}

export const strava = {
  id: 'strava',

  name: 'Strava',
  protocol: 'oauth2',
  endpoints: {
    authorization: 'https://www.strava.com/oauth/authorize',
    token: 'https://www.strava.com/oauth/token',
    revocation: 'https://www.strava.com/oauth/deauthorize',
  },
  clientAuthentication: 'post',
  pkce: 'none',
  scopes: { separator: ',', default: ['read'] },
  token: { lifetime: 21_600 },
  refresh: { kind: 'refresh_token', rotation: 'single-use' },
  identity: {
    from: 'token',
    subject: ['athlete.id'],
    profile: { name: ['athlete.firstname', 'athlete.lastname'], picture: 'athlete.profile' },
  },
  revocation: { style: 'bearer', killsSiblings: true, goneStatuses: [401] },
  webView: 'unknown',
  loginHosts: ['www.strava.com'],
  docs: [AUTHENTICATION],
  facts: {
    endpoints: documented(AUTHENTICATION),
    clientAuthentication: documented(AUTHENTICATION),
    pkce: unverified(AUTHENTICATION),
    'scopes.separator': documented('R235'),
    'token.lifetime': documented('R235'),
    'refresh.kind': documented(AUTHENTICATION),
    'refresh.rotation': documented('R235'),
    identity: unverified(AUTHENTICATION),
    revocation: unverified(AUTHENTICATION),
    'hooks.readError': reported(REPORT),
    loginHosts: documented(AUTHENTICATION),
  },
  hooks: { readError },
} satisfies UpstreamProvider;
