import fc from 'fast-check';
import { implicitRedirectUrisOf, isVendorId, redirectUrisOf } from './redirect-uris.js';

const VENDOR = 'M3KVOEXUO4ALBL';

it('gives the three redirect URIs of R21, letter by letter', () => {
  expect(redirectUrisOf(VENDOR)).toEqual([
    'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
    'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
    'https://alexa.amazon.co.jp/api/skill/link/M3KVOEXUO4ALBL',
  ]);
});

it('gives the two of the implicit grant of R25, which have a query', () => {
  expect(implicitRedirectUrisOf(VENDOR)).toEqual([
    'https://pitangui.amazon.com/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL',
    'https://layla.amazon.com/spa/skill/account-linking-status.html?vendorId=M3KVOEXUO4ALBL',
  ]);
});

it.each([
  [VENDOR, true],
  ['M1234', true],
  ['M123', false],
  [`M${'A'.repeat(31)}`, true],
  [`M${'A'.repeat(32)}`, false],
  ['', false],
  ['A3KVOEXUO4ALBL', false],
  ['m3kvoexuo4albl', false],
  ['M3KVOEXUO4ALBl', false],
  ['M3KVO-XUO4ALBL', false],
  [' M3KVOEXUO4ALBL', false],
  ['M3KVOEXUO4ALBL\n', false],
  ['amzn1.ask.skill.1', false],
])('%j is a vendor id: %s', (value, valid) => {
  expect(isVendorId(value)).toBe(valid);
});

it('makes canonical addresses of every vendor id, which a byte-exact comparison needs', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.split('');
  const vendorId = fc
    .string({ unit: fc.constantFrom(...letters), minLength: 4, maxLength: 31 })
    .map((rest) => `M${rest}`);
  fc.assert(
    fc.property(vendorId, (vendor) => {
      expect(isVendorId(vendor)).toBe(true);
      for (const uri of [...redirectUrisOf(vendor), ...implicitRedirectUrisOf(vendor)]) {
        expect(new URL(uri).href).toBe(uri);
        expect(uri.endsWith(vendor)).toBe(true);
      }
    }),
  );
});
