import fc from 'fast-check';
import { pickLanguage, TEXTS, type Language, type MessageKey } from './texts.js';

describe('pickLanguage (R42)', () => {
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
    ['fr,ja;q=0.9', 'en'],
    ['fr,de;q=0.1', 'de'],
    ['de;q=0,fr', 'en'],
    ['de;q=0.000', 'en'],
    ['fr , de ; q=0.3 , en ; q=0.2', 'de'],
    ['den', 'en'],
    ['constructor', 'en'],
    ['__proto__', 'en'],
    [';;;,,,q=1', 'en'],
  ] as [string | undefined, Language][])('%j gets %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });

  it('gives a language we speak, whatever the header says', () => {
    const part = fc.oneof(
      fc.constantFrom('de', 'en', 'fr', ',', ';q=', '0.5', '-', ' ', '*', 'constructor', '__proto__', 'NaN'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        expect(Object.keys(TEXTS)).toContain(pickLanguage(parts.join('')));
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(Object.keys(TEXTS) as Language[])('the words in %s', (language) => {
  const texts = TEXTS[language];

  it.each(Object.keys(TEXTS.en.messages) as MessageKey[])('say what happened and what to do for %s', (key) => {
    const [title, body] = texts.messages[key];
    expect(title.trim().length).toBeGreaterThan(5);
    expect(body).toMatch(/^[^<>]{20,}\.$/);
    expect(title).not.toMatch(/[<>]/);
  });

  it('have exactly the messages the other languages have', () => {
    expect(Object.keys(texts.messages).toSorted()).toEqual(Object.keys(TEXTS.en.messages).toSorted());
  });

  it('name the skill, the tenant and Alexa', () => {
    expect(texts.linkTitle('Acme Lights')).toMatch(/Acme Lights.*Alexa|Alexa.*Acme Lights/);
    expect(texts.linkIntro('Acme').join('')).toMatch(/Acme.*Alexa/);
    expect(texts.linkIntro('Acme')[1]).toBe('Acme');
    expect(texts.continueWith('Acme Home')).toContain('Acme Home');
  });

  it.each(['linkNote', 'cancel', 'tryAgain', 'startHere', 'reference'] as const)('have something for %s', (name) => {
    expect(texts[name].trim()).not.toBe('');
  });
});

it('differ between the languages', () => {
  for (const key of Object.keys(TEXTS.en.messages) as MessageKey[]) {
    expect(TEXTS.de.messages[key]).not.toEqual(TEXTS.en.messages[key]);
  }
});
