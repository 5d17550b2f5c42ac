import fc from 'fast-check';
import { LANGUAGES, pickLanguage, type Language } from './language.js';

it.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['de', 'de'],
  ['DE', 'de'],
  ['de-AT', 'de'],
  ['de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7', 'de'],
  ['en-GB,de;q=0.9', 'en'],
  ['de;q=0.5,en;q=0.8', 'en'],
  ['de;q=0.8,en;q=0.5', 'de'],
  ['de,en', 'de'],
  ['en;q=0.5,de;q=0.5', 'en'],
  // Regions
  ['fr-CA', 'fr'],
  ['es-419', 'es'],
  ['es-MX,es;q=0.9', 'es'],
  ['it-CH', 'it'],
  ['pt-BR', 'pt-BR'],
  ['pt-br', 'pt-BR'],
  ['pt', 'pt-BR'],
  ['pt-PT,en;q=0.9', 'pt-BR'],
  ['ja-JP', 'ja'],
  ['ja-Jpan-JP', 'ja'],
  ['hi-IN,en-IN;q=0.9', 'hi'],
  // Languages we do not speak
  ['nl,ja;q=0.9', 'ja'],
  ['nl,de;q=0.1', 'de'],
  ['zh-CN', 'en'],
  ['den', 'en'],
  // Refused, and whatever else
  ['de;q=0,fr', 'fr'],
  ['de;q=0', 'en'],
  ['de;q=0.000', 'en'],
  ['nl,*;q=0.5', 'en'],
  ['en;q=0,*', 'de'],
  ['de;q=0.5,*;q=0.1', 'de'],
  ['nl, *;q=0.5, fr;q=0.8', 'fr'],
  // Not as it should be
  ['nl , de ; q=0.3 , en ; q=0.2', 'de'],
  ['fr ; q=1.1.1, de', 'de'],
  ['constructor', 'en'],
  ['__proto__', 'en'],
  [';;;,,,q=1', 'en'],
  [`${'x'.repeat(1_024)},de`, 'en'],
] as [string | undefined, Language][])('%j gets %s (R42)', (header, language) => {
  expect(pickLanguage(header)).toBe(language);
});

it('is a language we speak, whatever the header says', () => {
  const part = fc.oneof(
    fc.constantFrom('de', 'en', 'fr', 'pt', ',', ';q=', '0.5', '-', ' ', '*', 'constructor', '__proto__', 'NaN'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      expect(LANGUAGES).toContain(pickLanguage(parts.join('')));
    }),
    { numRuns: 500 },
  );
});
