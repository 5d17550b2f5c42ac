import fc from 'fast-check';
import { parseParameters } from './parameters.js';
import { decodePercent } from './percent-encoding.js';
import {
  buildRelayedAuthorization,
  buildRelayedTokenRequest,
  presentationOf,
  type RelayedAuthorization,
  type RelayedRequest,
} from './relay-request.js';

const AUTHORIZATION: RelayedAuthorization = {
  authorizationUrl: 'https://id.example.com/authorize',
  clientId: 'their client',
  redirectUri: 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
  scope: null,
  codeChallenge: null,
  state: null,
};
const CLIENT = { clientId: 'id:with space', clientSecret: 'se+cr/et=&' };
const CODE: RelayedRequest = {
  grantType: 'authorization_code',
  code: 'c',
  redirectUri: 'https://r',
  codeVerifier: 'v',
};
const REFRESH: RelayedRequest = { grantType: 'refresh_token', refreshToken: 'r&=+', scope: null };

describe('the authorization request', () => {
  it('has what Alexa sent, and nothing that it did not send', () => {
    const url = new URL(buildRelayedAuthorization(AUTHORIZATION));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'their client',
      redirect_uri: AUTHORIZATION.redirectUri,
    });
    const more = { ...AUTHORIZATION, scope: 'a b', codeChallenge: 'x'.repeat(43), state: 's' };
    expect(Object.fromEntries(new URL(buildRelayedAuthorization(more)).searchParams)).toMatchObject({
      scope: 'a b',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      state: 's',
    });
  });

  it('keeps what the address already asks for', () => {
    const authorizationUrl = 'https://id.example.com/authorize?access_type=offline';
    const url = new URL(buildRelayedAuthorization({ ...AUTHORIZATION, authorizationUrl }));
    expect(url.searchParams.get('access_type')).toBe('offline');
    expect(url.searchParams.get('response_type')).toBe('code');
  });

  it('brings any state there byte for byte', () => {
    const octets = fc.array(fc.integer({ min: 0, max: 255 })).map((bytes) => Buffer.from(bytes).toString('latin1'));
    fc.assert(
      fc.property(octets, (state) => {
        const url = buildRelayedAuthorization({ ...AUTHORIZATION, state });
        const raw = parseParameters(url.slice(url.indexOf('?') + 1)).get('state')?.[0] ?? '';
        expect(decodePercent(raw)).toBe(state);
        expect(raw).toMatch(/^[A-Za-z0-9%._~-]*$/);
      }),
    );
  });
});

describe('the token request', () => {
  it('proves the client in the body', () => {
    const { headers, body } = buildRelayedTokenRequest('https://t', 'REQUEST_BODY_CREDENTIALS', CLIENT, CODE);
    expect(headers).not.toHaveProperty('authorization');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'authorization_code',
      code: 'c',
      redirect_uri: 'https://r',
      code_verifier: 'v',
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    });
  });

  it('proves it by Basic, form-encoded, and then not in the body', () => {
    const { headers, body } = buildRelayedTokenRequest('https://t', 'HTTP_BASIC', CLIENT, REFRESH);
    const pair = Buffer.from(headers['authorization']?.slice('Basic '.length) ?? '', 'base64').toString();
    expect(pair).toBe('id%3Awith+space:se%2Bcr%2Fet%3D%26');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r&=+',
    });
  });
});

describe('a repeat', () => {
  it.each<[string, RelayedRequest, RelayedRequest, boolean]>([
    ['the same code', CODE, { ...CODE }, true],
    ['the code with another verifier', CODE, { ...CODE, codeVerifier: 'w' }, false],
    ['the code without its verifier', CODE, { ...CODE, codeVerifier: null }, false],
    ['the code with another redirect URI', CODE, { ...CODE, redirectUri: 'https://s' }, false],
    ['the same refresh token, for less', REFRESH, { ...REFRESH, scope: 'less' }, true],
    ['another refresh token', REFRESH, { ...REFRESH, refreshToken: 'r' }, false],
    ['a refresh token that reads like the code', CODE, { ...REFRESH, refreshToken: 'c' }, false],
  ])('is %s, or is not', (_, one, other, same) => {
    const equal = JSON.stringify(presentationOf(one)) === JSON.stringify(presentationOf(other));
    expect(equal).toBe(same);
  });
});
