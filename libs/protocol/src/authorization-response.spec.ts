import fc from 'fast-check';
import { buildAuthorizationResponse } from './authorization-response.js';

const PLAIN = 'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL';
const WITH_QUERY = 'https://layla.amazon.com/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL';

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
  ])('%s with %j and state %j', (uri, parameters, state, expected) => {
    expect(buildAuthorizationResponse(uri, parameters, state)).toBe(expected);
  });

  it('keeps the registered URI as it is and adds exactly what it was given, readable by any client', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(PLAIN, WITH_QUERY),
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'binary-ascii' }),
        (uri, code, state) => {
          const answer = buildAuthorizationResponse(uri, { code }, state);
          expect(answer.startsWith(uri)).toBe(true);
          const { searchParams, hash, origin } = new URL(answer);
          expect([searchParams.getAll('code'), searchParams.getAll('state')]).toEqual([[code], [state]]);
          expect([hash, origin]).toEqual(['', new URL(uri).origin]);
          expect(searchParams.get('vendorId')).toBe(new URL(uri).searchParams.get('vendorId'));
        },
      ),
    );
  });
});
