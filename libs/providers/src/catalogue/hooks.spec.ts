import { upstreamWith } from '../../test/upstreams.js';
import { buildUserinfoRequest } from '../build-userinfo-request.js';
import { readTokenResponse } from '../read-token-response.js';
import { CATALOGUE, findProvider } from './index.js';

const withings = (status: number, error?: string) => ({ status, body: {}, error });
const strava = (resource: string, code: string) => ({
  message: 'Bad Request',
  errors: [{ resource, field: 'x', code }],
});
const meta = (message: string, code: number) => ({ error: { message, type: 'OAuthException', code } });

/** What a refusal of a refresh comes to, by the words of a provider that has no code for it. */
const REFUSALS: readonly (readonly [string, number, unknown, string, string | null])[] = [
  ['facebook', 400, meta('Error validating client secret.', 1), 'misconfigured', 'invalid_client'],
  ['facebook', 400, meta('An unknown error has occurred.', 1), 'unavailable', '1'],
  ['facebook', 400, meta('Session has expired.', 190), 'rejected', '190'],
  ['strava', 400, strava('RefreshToken', 'invalid'), 'rejected', 'invalid_grant'],
  ['strava', 401, strava('Application', 'invalid'), 'misconfigured', 'invalid_client'],
  ['strava', 400, strava('AuthorizationCode', 'invalid'), 'unavailable', 'AuthorizationCode:invalid'],
  ['strava', 400, { errors: 'no list' }, 'unavailable', null],
  ['twitch', 400, { error: 'Bad Request', status: 400, message: 'Invalid refresh token' }, 'rejected', 'invalid_grant'],
  ['twitch', 403, { status: 403, message: 'invalid client secret' }, 'misconfigured', 'invalid_client'],
  ['twitch', 400, { status: 400, message: 'missing refresh token' }, 'unavailable', null],
  ['withings', 200, withings(503, 'Invalid Params: invalid refresh_token'), 'rejected', 'invalid_grant'],
  ['withings', 200, withings(503, 'Invalid Params: invalid client_secret'), 'misconfigured', 'invalid_client'],
  ['withings', 200, withings(503, 'Invalid Params: invalid action'), 'unavailable', '503'],
  ['withings', 200, withings(601, 'Too many requests'), 'unavailable', '601'],
  ['withings', 200, withings(401), 'unavailable', '401'],
  [
    'x-twitter',
    400,
    { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
    'rejected',
    'invalid_grant',
  ],
  ['x-twitter', 400, { error: 'invalid_request', error_description: 'Missing.' }, 'unavailable', 'invalid_request'],
];

describe('a refusal that only its words explain', () => {
  it.each(REFUSALS)('%s %d %j is %s', (id, status, json, failure, code) => {
    const read = (): unknown =>
      readTokenResponse(upstreamWith(findProvider(id)), { status, body: JSON.stringify(json) }, [], 'refresh');
    expect(read).toThrow(expect.objectContaining({ name: 'UpstreamError', failure, code }) as Error);
  });

  it('is known of every provider that reads words', () => {
    const readers = CATALOGUE.filter(({ hooks }) => hooks?.readError).map(({ id }) => id);
    expect(readers.filter((id) => !REFUSALS.some(([covered]) => covered === id))).toEqual([]);
  });
});

describe('a request that no field describes', () => {
  it('asks a shop who it is: JSON, and the token in a header of its own', () => {
    expect(buildUserinfoRequest(upstreamWith(findProvider('shopify')), 'at')).toEqual({
      method: 'POST',
      url: 'https://id.example.com/userinfo',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-shopify-access-token': 'at' },
      body: '{"query":"{ shop { id name } }"}',
    });
  });

  it.each(['code', 'refresh', 'revocation'] as const)('leaves a shop’s %s request alone', (purpose) => {
    const headers = { authorization: 'Basic made-up' };
    const request = { purpose, method: 'POST', url: 'https://id.example.com', headers, parameters: {} } as const;
    expect(findProvider('shopify')?.hooks?.adaptRequest?.(request)).toBe(request);
  });

  it('is covered here for every provider that rewrites one', () => {
    expect(CATALOGUE.filter(({ hooks }) => hooks?.adaptRequest).map(({ id }) => id)).toEqual(['shopify']);
  });
});
