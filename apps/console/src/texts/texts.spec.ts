import { DE } from './de.js';
import { EN } from './en.js';
import { pickLanguage } from './pick-language.js';

/** Every word with its place, functions called with something plain. */
function wordsOf(value: unknown, place = ''): [string, string][] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value === 'function') return [[place, String((value as (input: number) => unknown)(2))]];
  return Object.entries(value as object).flatMap(([name, inner]) => wordsOf(inner, `${place}.${name}`));
}

test('both languages say everything', () => {
  const [english, german] = [wordsOf(EN), wordsOf(DE)];
  expect(german.map(([place]) => place)).toEqual(english.map(([place]) => place));
  expect([...english, ...german].filter(([, words]) => words.trim() === '')).toEqual([]);
});

test.each([
  ['de', ['en'], 'de'],
  [null, ['de-AT', 'en'], 'de'],
  [null, ['fr', 'en-GB', 'de'], 'en'],
  [null, ['ja'], 'en'],
  ['xx', ['de'], 'de'],
  [null, [], 'en'],
] as const)('chosen %s and wanted %s is %s', (chosen, wanted, language) => {
  expect(pickLanguage(chosen, wanted)).toBe(language);
});
