import fc from 'fast-check';
import { decodeForm, decodePercent, encodePercent } from './percent-encoding.js';

/** What Alexa does with the state it gets back: an ordinary percent-decoder, octet by octet. */
function standardDecode(encoded: string): Buffer {
  const octets: number[] = [];
  for (let at = 0; at < encoded.length; at += 1) {
    if (encoded[at] === '%') {
      octets.push(Number.parseInt(encoded.slice(at + 1, at + 3), 16));
      at += 2;
    } else octets.push(encoded.charCodeAt(at));
  }
  return Buffer.from(octets);
}

const escape = (octet: number): string => `%${octet.toString(16).padStart(2, '0')}`;

describe('state octets (R29)', () => {
  it('come back exactly, whatever they are and whichever of them were escaped', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(255), fc.boolean()), { maxLength: 300 }), (octets) => {
        const raw = octets
          .map(([octet, escaped]) => {
            const mustEscape = octet >= 0x80 || octet <= 0x20 || '%&#"<>'.includes(String.fromCharCode(octet));
            return escaped || mustEscape ? escape(octet) : String.fromCharCode(octet);
          })
          .join('');
        const returned = encodePercent(decodePercent(raw));
        expect(returned).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/);
        expect(standardDecode(returned)).toEqual(Buffer.from(octets.map(([octet]) => octet)));
      }),
    );
  });

  it('come back exactly through a form decoder too, where they are text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const returned = encodePercent(decodePercent(encodeURIComponent(text)));
        expect(decodeForm(returned)).toBe(text);
        expect(new URLSearchParams(`state=${returned}`).get('state')).toBe(text);
      }),
    );
  });

  it.each([
    ['a+b/c=', 'a%2Bb%2Fc%3D'],
    ['a%2Bb%2fc%3D', 'a%2Bb%2Fc%3D'],
    ['a%20b', 'a%20b'],
    ['100%', '100%25'],
    ['%zz%4', '%25zz%254'],
    ['%FF%00', '%FF%00'],
    ['ä', '%C3%A4'],
    ['-._~', '-._~'],
    ['', ''],
  ])('%j goes back as %j', (raw, returned) => {
    expect(encodePercent(decodePercent(raw))).toBe(returned);
  });

  it('are decoded once only', () => {
    expect(decodePercent('%252B')).toBe('%2B');
  });
});

describe('decodeForm', () => {
  it.each([
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['%C3%A4', 'ä'],
    ['', ''],
    ['%', undefined],
    ['%zz', undefined],
    ['%FF', undefined],
  ])('reads %j as %j', (raw, expected) => {
    expect(decodeForm(raw)).toBe(expected);
  });
});
