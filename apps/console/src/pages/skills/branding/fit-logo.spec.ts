import { sizesFor } from './fit-logo.js';

test.each([
  [
    { width: 840, height: 840 },
    { width: 84, height: 84 },
  ],
  [
    { width: 4_800, height: 84 },
    { width: 480, height: 8 },
  ],
  [
    { width: 40, height: 20 },
    { width: 40, height: 20 },
  ],
])('a picture of %j is tried at %j first', (picture, first) => {
  const sizes = sizesFor(picture);
  expect(sizes[0]).toEqual(first);
  expect(sizes.map(({ width }) => width)).toEqual(sizes.map(({ width }) => width).toSorted((a, b) => b - a));
});

test('nothing is drawn at no size', () => {
  expect(sizesFor({ width: 1, height: 9_000 }).every(({ width, height }) => width > 0 && height > 0)).toBe(true);
});
