import fc from 'fast-check';
import { buildCodeExchange, type CodeExchange } from './code-exchange.js';

const EXCHANGE: CodeExchange = {
  tokenEndpoint: 'https://id.example.com/token?tenant=1',
  clientAuth: 'basic',
  clientId: 'broker',
  clientSecret: 's3cret',
  code: 'abc',
  redirectUri: 'https://broker.example/callback/acme/home',
  codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
};
const decodeBasic = (header: string | undefined): string =>
  Buffer.from(header?.replace(/^Basic /, '') ?? '', 'base64').toString('utf8');

describe('buildCodeExchange', () => {
  it('builds the request of RFC 6749 §4.1.3 with the verifier, secret in the header', () => {
    const request = buildCodeExchange(EXCHANGE);
    expect(request).toEqual({
      method: 'POST',
      url: EXCHANGE.tokenEndpoint,
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic YnJva2VyOnMzY3JldA==' },
      body:
        'grant_type=authorization_code&code=abc&redirect_uri=https%3A%2F%2Fbroker.example%2Fcallback%2Facme%2Fhome' +
        '&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    });
  });

  it('puts the secret into the body where the provider wants it there, and not into the header', () => {
    const { headers, body } = buildCodeExchange({ ...EXCHANGE, clientAuth: 'post' });
    expect(headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(body).toMatch(/&client_id=broker&client_secret=s3cret$/);
  });

  it.each([
    ['a:b', 's', 'a%3Ab:s'],
    ['broker', 'a+b c/d=%', 'broker:a%2Bb+c%2Fd%3D%25'],
    ['broker', 'ä', 'broker:%C3%A4'],
    ['broker', "!*()~'", 'broker:%21*%28%29%7E%27'],
    ['https://a.example/', '-._', 'https%3A%2F%2Fa.example%2F:-._'],
  ])('form-encodes %j and %j for Basic, as RFC 6749 §2.3.1 asks', (clientId, clientSecret, pair) => {
    const { headers } = buildCodeExchange({ ...EXCHANGE, clientId, clientSecret });
    expect(decodeBasic(headers['authorization'])).toBe(pair);
  });

  it('says exactly what it was given, whatever characters it has, in either way', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, text, text, (clientId, clientSecret, code, redirectUri) => {
        const given = { ...EXCHANGE, clientId, clientSecret, code, redirectUri };
        const [id = '', secret = '', ...rest] = decodeBasic(buildCodeExchange(given).headers['authorization']).split(
          ':',
        );
        const decode = (part: string): string | null => new URLSearchParams(`x=${part}`).get('x');
        expect([decode(id), decode(secret), rest]).toEqual([clientId, clientSecret, []]);
        const body = new URLSearchParams(buildCodeExchange({ ...given, clientAuth: 'post' }).body);
        expect(Object.fromEntries(body)).toEqual({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: EXCHANGE.codeVerifier,
          client_id: clientId,
          client_secret: clientSecret,
        });
      }),
    );
  });
});
