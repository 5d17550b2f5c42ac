import fc from 'fast-check';
import { readReturn } from './return-address.js';

const REDIRECT = 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL';

test.each([
  [`${REDIRECT}#code=c&state=s`, "stands after '#'"],
  [`${REDIRECT}&code=c&state=s`, "begins with '&' instead of '?'"],
  [`${REDIRECT}x?code=c`, "begins with 'x'"],
  [REDIRECT, 'carries nothing'],
  [`${REDIRECT}?state=s`, 'neither code nor error'],
  [`${REDIRECT}?code=a&code=b&state=s`, 'code stands in the redirect more than once'],
  ['https://pitangui.amazon.com/?code=secret', 'goes to https://pitangui.amazon.com/'],
  ['javascript:alert(1)', 'goes to javascript:'],
])('%s is wrong: %s', (address, says) => {
  const returned = readReturn(address, REDIRECT);
  expect(returned.kind === 'wrong' && returned.says).toContain(says);
});

test('a redirect URI with a query of its own continues with &', () => {
  const own = `${REDIRECT}?vendorId=M1`;
  expect(readReturn(`${own}&code=c&state=s`, own)).toMatchObject({ kind: 'code', code: 'c', state: 's' });
  expect(readReturn(`${own}?code=c`, own)).toMatchObject({ kind: 'wrong' });
});

test('an error is shown only where it looks like one', () => {
  expect(readReturn(`${REDIRECT}?error=access_denied&state=s`, REDIRECT)).toMatchObject({ error: 'access_denied' });
  const evil = encodeURIComponent('<b>pass word</b>');
  expect(readReturn(`${REDIRECT}?error=${evil}`, REDIRECT)).toMatchObject({ error: 'an error that cannot be shown' });
});

test('any state that was percent-encoded comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (state) => {
      const returned = readReturn(`${REDIRECT}?code=c&state=${encodeURIComponent(state)}`, REDIRECT);
      expect(returned).toMatchObject({ kind: 'code', state, rawPlus: false });
    }),
  );
});

test("a raw '+' is kept, and noted", () => {
  expect(readReturn(`${REDIRECT}?state=a+b&code=c`, REDIRECT)).toMatchObject({ state: 'a+b', rawPlus: true });
});
