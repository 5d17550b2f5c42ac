import { freeSlug, isSlug, slugOf } from './slug.js';

test.each([
  ['Acme Lighting', 'acme-lighting'],
  ['  Möbel & Mehr!  ', 'mobel-mehr'],
  ['x'.repeat(80), 'x'.repeat(63)],
  ['家', ''],
])('%s is proposed as %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test.each([
  ['home', true],
  ['a', true],
  ['', false],
  ['-home', false],
  ['Home', false],
  ['new', false],
  ['x'.repeat(64), false],
])('%s can be a short name: %s', (text, can) => {
  expect(isSlug(text)).toBe(can);
});

test.each([
  ['Home', [], 'home'],
  ['Home', ['home'], 'home-2'],
  ['Home', ['home', 'home-2'], 'home-3'],
  ['New', [], 'new-2'],
  ['家', [], 'new-2'],
] as const)('%s beside %j is %s', (name, taken, slug) => {
  expect(freeSlug(name, taken)).toBe(slug);
  expect(isSlug(freeSlug(name, taken))).toBe(true);
});
