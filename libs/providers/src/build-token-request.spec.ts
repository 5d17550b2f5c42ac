import fc from 'fast-check';
import { CONNECTOR, upstreamWith } from '../test/upstreams.js';
import { buildCodeExchange, buildRefresh, type CodeHop } from './build-token-request.js';
import type { WireRequest } from './wire.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const HOP: CodeHop = {
  code: 'abc',
  redirectUri: 'https://broker.example/callback/acme/home',
  codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
};
const TOKENS = { accessToken: 'at', refreshToken: 'rt', scopes: ['a'] };
const BASIC = upstreamWith({ clientAuthentication: 'basic' });
const FORM = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };

const form = (request: WireRequest | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(request?.body));
const decodeBasic = (request: WireRequest): string =>
  Buffer.from(request.headers['authorization']?.replace(/^Basic /, '') ?? '', 'base64').toString('utf8');

describe('buildCodeExchange', () => {
  it('builds the request of RFC 6749 §4.1.3 with the verifier, secret in the header', () => {
    expect(buildCodeExchange(BASIC, CONNECTOR, HOP, NOW)).toEqual({
      method: 'POST',
      url: BASIC.tokenEndpoint,
      headers: { ...FORM, authorization: 'Basic YnJva2VyOnMzY3JldA==' },
      body:
        'grant_type=authorization_code&code=abc&redirect_uri=https%3A%2F%2Fbroker.example%2Fcallback%2Facme%2Fhome' +
        '&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    });
  });

  it('puts the secret into the body where the provider wants it there, and not into the header', () => {
    const { headers, body } = buildCodeExchange(upstreamWith(), CONNECTOR, HOP, NOW);
    expect(headers).toEqual(FORM);
    expect(body).toMatch(/&client_id=broker&client_secret=s3cret$/);
  });

  it('keeps the verifier to itself where the provider knows no PKCE', () => {
    expect(form(buildCodeExchange(upstreamWith({ pkce: 'none' }), CONNECTOR, HOP, NOW))).not.toHaveProperty(
      'code_verifier',
    );
  });

  it('adds what the provider asks for: parameters, headers, a JSON body, a hook', () => {
    const upstream = upstreamWith({
      token: { bodyFormat: 'json', headers: { 'x-version': '3' }, codeParameters: { action: 'requesttoken' } },
      hooks: { adaptRequest: (request) => ({ ...request, url: `${request.url}?for=${request.purpose}` }) },
    });
    const request = buildCodeExchange(upstream, CONNECTOR, HOP, NOW);
    expect(request.url).toBe('https://id.example.com/token?for=code');
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', 'x-version': '3' });
    expect(JSON.parse(request.body ?? '')).toMatchObject({ code: 'abc', action: 'requesttoken', client_id: 'broker' });
  });

  it.each([
    ['a:b', 's', 'a%3Ab:s'],
    ['broker', 'a+b c/d=%', 'broker:a%2Bb+c%2Fd%3D%25'],
    ['broker', 'ä', 'broker:%C3%A4'],
    ['broker', "!*()~'", 'broker:%21*%28%29%7E%27'],
    ['https://a.example/', '-._', 'https%3A%2F%2Fa.example%2F:-._'],
  ])('form-encodes %j and %j for Basic, as RFC 6749 §2.3.1 asks', (clientId, clientSecret, pair) => {
    const request = buildCodeExchange(BASIC, { ...CONNECTOR, clientId, clientSecret }, HOP, NOW);
    expect(decodeBasic(request)).toBe(pair);
  });

  it('says exactly what it was given, whatever characters it has, in either way', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, text, text, (clientId, clientSecret, code, redirectUri) => {
        const connector = { ...CONNECTOR, clientId, clientSecret };
        const hop = { ...HOP, code, redirectUri };
        const [id = '', secret = '', ...rest] = decodeBasic(buildCodeExchange(BASIC, connector, hop, NOW)).split(':');
        const decode = (part: string): string | null => new URLSearchParams(`x=${part}`).get('x');
        expect([decode(id), decode(secret), rest]).toEqual([clientId, clientSecret, []]);
        expect(form(buildCodeExchange(upstreamWith(), connector, hop, NOW))).toEqual({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: HOP.codeVerifier,
          client_id: clientId,
          client_secret: clientSecret,
        });
      }),
    );
  });
});

describe('buildRefresh', () => {
  it('builds the request of RFC 6749 §6, to where refreshes go', () => {
    const upstream = upstreamWith({}, { refreshEndpoint: 'https://id.example.com/refresh' });
    const request = buildRefresh(upstream, CONNECTOR, TOKENS, NOW);
    expect(request?.url).toBe('https://id.example.com/refresh');
    expect(form(request)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'rt',
      client_id: 'broker',
      client_secret: 's3cret',
    });
  });

  it('trades a living access token where that is the way, refresh token or not', () => {
    const upstream = upstreamWith({
      refresh: { kind: 'exchange', rotation: 'replaced', exchangeParameter: 'fb_exchange_token' },
      token: { refreshParameters: { grant_type: 'fb_exchange_token' } },
    });
    expect(form(buildRefresh(upstream, CONNECTOR, { ...TOKENS, refreshToken: null }, NOW))).toEqual({
      fb_exchange_token: 'at',
      grant_type: 'fb_exchange_token',
      client_id: 'broker',
      client_secret: 's3cret',
    });
  });

  it.each([
    ['without a refresh token', 'refresh_token', null],
    ['where the provider renews nothing', 'none', 'rt'],
  ] as const)('builds nothing %s', (_, kind, refreshToken) => {
    const upstream = upstreamWith({ refresh: { kind, rotation: 'none' } });
    expect(buildRefresh(upstream, CONNECTOR, { ...TOKENS, refreshToken }, NOW)).toBeUndefined();
  });
});
