import { expect, test } from '@jest/globals';
import { galleryOf } from './gallery.mjs';

const PAGE = 'Before\n\n<!-- pictures: npm run pictures -->\nold\n<!-- end of pictures -->\n\nAfter\n';
const of = (name) => ['1440-light', '1440-dark', '390-light', '390-dark'].map((kind) => `${name}-${kind}.webp`);

test('writes a row for everything that there are pictures of, between what stands before and after', () => {
  const page = galleryOf(PAGE, [...of('new-api-key'), ...of('links')]);
  expect(page.startsWith('Before\n')).toBe(true);
  expect(page.endsWith('<!-- end of pictures -->\n\nAfter\n')).toBe(true);
  expect(page).not.toContain('old');
  expect(page.match(/\*\*[^*]+\*\*/g)).toEqual(['**links**', '**new api key**']);
  expect(page.match(/<img /g)).toHaveLength(8);
  expect(galleryOf(page, [...of('links'), ...of('new-api-key')])).toBe(page);
});

test('says what is missing', () => {
  expect(() => galleryOf(PAGE, of('links').slice(1))).toThrow('links-1440-light.webp');
  expect(() => galleryOf('nothing', of('links'))).toThrow('no place');
});
