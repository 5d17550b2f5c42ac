import fc from 'fast-check';
import { contrastOf, parseColour, type Colour } from './colour.js';
import { brandStyle, PALETTE, STYLE, STYLE_ELEMENT } from './style.js';

const SCHEMES = ['light', 'dark'] as const;
const of = (text: string | undefined): Colour => parseColour(text ?? '')!;

describe.each(SCHEMES)('the colours in %s', (scheme) => {
  const colours = PALETTE[scheme];

  it.each(['ink', 'soft', 'warn'] as const)('%s can be read on card and page', (name) => {
    for (const ground of ['card', 'page'] as const) {
      expect(contrastOf(of(colours[name]), of(colours[ground]))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('a button can be read, and seen', () => {
    expect(contrastOf(of(colours['on-accent']), of(colours.accent))).toBeGreaterThanOrEqual(4.5);
    for (const name of ['edge', 'rim'] as const) {
      for (const ground of ['card', 'page'] as const) {
        expect(contrastOf(of(colours[name]), of(colours[ground]))).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

describe("a tenant's colour", () => {
  /** The variables of the light and of the dark half. */
  const halves = (color: string): Record<string, string>[] =>
    (brandStyle(color)?.element.markup ?? '')
      .split('@media')
      .map((half): Record<string, string> =>
        Object.fromEntries(
          [...half.matchAll(/--([a-z-]+):(#\w{6})/g)].map(([, name = '', value = '']) => [name, value] as const),
        ),
      );

  it('can be read and seen whatever it is, in light and in the dark', () => {
    const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(hex, (color) => {
        expect(halves(color)).toHaveLength(2);
        for (const [index, values] of halves(color).entries()) {
          const card = of(PALETTE[SCHEMES[index]!].card);
          expect(contrastOf(of(values['accent']), of(values['on-accent']))).toBeGreaterThanOrEqual(4.5);
          expect(contrastOf(of(values['edge']), card)).toBeGreaterThanOrEqual(3);
        }
        expect(halves(color)[0]?.['accent']).toBe(color);
      }),
    );
  });

  it.each([
    ['#d9481e', '#d9481e', '#d9481e'],
    ['#ffe600', '#ffe600', '#ffe600'],
    ['#001a3d', '#001a3d', '#607086'],
  ])('%s is a button of %s in light and of %s in the dark', (color, light, dark) => {
    expect(halves(color).map((values) => values['accent'])).toEqual([light, dark]);
  });

  it.each([undefined, '', 'red', '#fff', '#000000}body{display:none'])('%j is none', (color) => {
    expect(brandStyle(color)).toBeUndefined();
  });
});

it('the style loads nothing, moves only for those who like it, and has no end tag inside', () => {
  expect(STYLE).not.toMatch(/url\(|@import|https?:|expression|<|animation/i);
  expect(STYLE.match(/transition/g)).toHaveLength(1);
  expect(STYLE).toContain('@media (prefers-reduced-motion:no-preference){button,.button{transition');
  expect(STYLE_ELEMENT.markup).toBe(`<style>${STYLE}</style>`);
});
