import fc from 'fast-check';
import { contrastOf, formatColour, parseColour, standOut, textOn, type Colour } from './colour.js';

const part = fc.integer({ min: 0, max: 255 });
const colour: fc.Arbitrary<Colour> = fc.tuple(part, part, part);
const of = (text: string): Colour => parseColour(text)!;

it.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#777777', '#ffffff', 4.48],
  ['#767676', '#ffffff', 4.54],
  ['#ff0000', '#ffffff', 4],
  ['#0000ff', '#ffff00', 8],
])('the contrast of %s and %s is %d', (one, other, ratio) => {
  expect(contrastOf(of(one), of(other))).toBeCloseTo(ratio, 1);
  expect(contrastOf(of(other), of(one))).toBe(contrastOf(of(one), of(other)));
});

it('text can be read on any colour', () => {
  fc.assert(fc.property(colour, (background) => contrastOf(textOn(background), background) >= 4.5));
});

it.each([
  ['#0b5cab', '#ffffff'],
  ['#767676', '#ffffff'],
  ['#777777', '#000000'],
  ['#ffe600', '#000000'],
  ['#000000', '#ffffff'],
])('on %s it is %s', (background, text) => {
  expect(formatColour(textOn(of(background)))).toBe(text);
});

it('any colour can stand out from any background', () => {
  const ratio = fc.double({ min: 1, max: 4.5, noNaN: true });
  fc.assert(
    fc.property(colour, colour, ratio, (one, background, wanted) => {
      expect(contrastOf(standOut(one, background, wanted), background)).toBeGreaterThanOrEqual(wanted);
    }),
  );
});

it('a colour that stands out already stays as it is', () => {
  fc.assert(
    fc.property(colour, colour, (one, background) => {
      fc.pre(contrastOf(one, background) >= 3);
      expect(standOut(one, background, 3)).toEqual(one);
    }),
  );
});

it('reads what it writes, and nothing that is not a colour', () => {
  fc.assert(fc.property(colour, (one) => expect(parseColour(formatColour(one))).toEqual(one)));
  expect(parseColour('#00A1c9')).toEqual([0, 161, 201]);
  for (const text of ['', 'red', '#fff', '#00000g', '#0000000', ' #000000', '#000000;}', '#000000\n']) {
    expect(parseColour(text)).toBeUndefined();
  }
});
