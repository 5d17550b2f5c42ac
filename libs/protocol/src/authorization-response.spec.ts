import fc from 'fast-check';
import { buildAuthorizationResponse, type AnswerAddress } from './authorization-response.js';
import { encodePercent } from './percent-encoding.js';

const PLAIN = 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL';
const WITH_QUERY = 'https://layla.amazon.com/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL';
const TOKEN = { access_token: 'abc', token_type: 'Bearer', expires_in: '3600' };

describe('buildAuthorizationResponse', () => {
  it.each([
    [PLAIN, { code: 'abc' }, 'x', `${PLAIN}?code=abc&state=x`],
    [WITH_QUERY, { code: 'abc' }, 'x', `${WITH_QUERY}&code=abc&state=x`],
    [PLAIN, { code: 'abc' }, null, `${PLAIN}?code=abc`],
    [PLAIN, { code: 'abc' }, '', `${PLAIN}?code=abc&state=`],
    [PLAIN, { code: 'a b&c' }, 'a+b/c=', `${PLAIN}?code=a%20b%26c&state=a%2Bb%2Fc%3D`],
    [
      PLAIN,
      { error: 'access_denied', error_description: 'Nope.' },
      's',
      `${PLAIN}?error=access_denied&error_description=Nope.&state=s`,
    ],
    ['https://a.example/b?', { code: 'c' }, null, 'https://a.example/b?&code=c'],
  ])('%s with %j and state %j', (redirectUri, parameters, state, expected) => {
    expect(buildAuthorizationResponse({ redirectUri, responseType: 'code', state }, parameters)).toBe(expected);
  });

  it.each([
    [PLAIN, TOKEN, 'a+b=', `${PLAIN}#access_token=abc&token_type=Bearer&expires_in=3600&state=a%2Bb%3D`],
    [WITH_QUERY, TOKEN, 'x', `${WITH_QUERY}#access_token=abc&token_type=Bearer&expires_in=3600&state=x`],
    [WITH_QUERY, { error: 'access_denied' }, null, `${WITH_QUERY}#error=access_denied`],
  ])('in the fragment: %s with %j and state %j (R119)', (redirectUri, parameters, state, expected) => {
    expect(buildAuthorizationResponse({ redirectUri, responseType: 'token', state }, parameters)).toBe(expected);
  });

  it.each<[AnswerAddress['responseType'], object, string]>([
    ['code', { code: 'c' }, `${PLAIN}?code=c&state=s&source=app`],
    ['code', { error: 'access_denied' }, `${PLAIN}?error=access_denied&state=s&source=app`],
    ['token', { access_token: 'a' }, `${PLAIN}#access_token=a&state=s&source=app`],
    ['token', { error: 'server_error' }, `${PLAIN}#error=server_error&state=s&source=app`],
  ])('says at its end that an app has asked for a %s: %j (R181)', (responseType, parameters, expected) => {
    const address = { redirectUri: PLAIN, responseType, state: 's', fromApp: true };
    expect(buildAuthorizationResponse(address, parameters as Record<string, string>)).toBe(expected);
  });

  it('keeps the registered URI as it is and adds exactly what it was given, readable by any client', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(PLAIN, WITH_QUERY),
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'binary-ascii' }),
        (redirectUri, code, state) => {
          const answer = buildAuthorizationResponse({ redirectUri, responseType: 'code', state }, { code });
          expect(answer.startsWith(redirectUri)).toBe(true);
          const { searchParams, hash, origin } = new URL(answer);
          expect([searchParams.getAll('code'), searchParams.getAll('state')]).toEqual([[code], [state]]);
          expect([hash, origin]).toEqual(['', new URL(redirectUri).origin]);
          expect(searchParams.get('vendorId')).toBe(new URL(redirectUri).searchParams.get('vendorId'));
        },
      ),
    );
  });

  it('puts a token and any state behind # and nothing of them into the query', () => {
    const octets = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    fc.assert(
      fc.property(fc.constantFrom(PLAIN, WITH_QUERY), octets, fc.boolean(), (redirectUri, state, fromApp) => {
        const address = { redirectUri, responseType: 'token', state, fromApp } as const;
        const [before, fragment = '', ...more] = buildAuthorizationResponse(address, { access_token: 'abc' }).split(
          '#',
        );
        expect([before, more]).toEqual([redirectUri, []]);
        const pairs = fragment.split('&').map((pair) => pair.split('='));
        const source = fromApp ? [['source', 'app']] : [];
        expect(pairs).toEqual([['access_token', 'abc'], ['state', encodePercent(state)], ...source]);
      }),
    );
  });
});
