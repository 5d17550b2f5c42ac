import { LANGUAGES } from '../language.js';
import { TEXTS, type MessageKey, type Texts } from './index.js';

const KEYS = Object.keys(TEXTS.en.messages) as MessageKey[];
/** Each text by its name, with names put in. */
const flat = (texts: Texts): Record<string, string> => ({
  linkTitle: texts.linkTitle('Acme Lights'),
  linkIntro: texts.linkIntro('Acme Lighting').join(''),
  linkNote: texts.linkNote,
  continueWith: texts.continueWith('Acme Home'),
  cancel: texts.cancel,
  tryAgain: texts.tryAgain,
  startHere: texts.startHere,
  reference: texts.reference,
  title: texts.detour.title('Acme Home'),
  why: texts.detour.why,
  copy: texts.detour.copy,
  paste: texts.detour.paste,
  hold: texts.detour.hold,
  website: texts.detour.website('Acme Lights'),
  anyway: texts.detour.anyway,
  ...Object.fromEntries(KEYS.flatMap((key) => texts.messages[key].map((text, index) => [`${key} ${index}`, text]))),
});
/** The letters of a language that is not written in Latin ones. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  hi: /\p{Script=Devanagari}/u,
};

describe.each(LANGUAGES)('the words in %s', (language) => {
  const texts = TEXTS[language];
  const all = flat(texts);

  it.each(Object.keys(all))('%s: are there, and plain', (name) => {
    const text = all[name] ?? '';
    expect(text).toMatch(/\S{2}/);
    expect(text).not.toMatch(/[<>{}]|undefined|\s\s|^\s|\s$|\bnull\b/);
    expect(text).toMatch(SCRIPTS[language] ?? /\p{Script=Latin}/u);
    expect(text).toBe(text.normalize('NFC'));
  });

  it.each(KEYS)('%s: a short title and whole sentences', (key) => {
    const [title, body] = texts.messages[key];
    expect(title).not.toMatch(/[.!。।]$/);
    expect(title.length).toBeLessThan(70);
    expect(body).toMatch(/[.。।]$/);
    expect(body.length).toBeLessThan(320);
  });

  it('name the skill, the tenant and Alexa', () => {
    expect(all['linkTitle']).toMatch(/Acme Lights.*Alexa|Alexa.*Acme Lights/);
    expect(all['linkIntro']).toMatch(/Acme Lighting.*Alexa/);
    expect(texts.linkIntro('Acme Lighting')[1]).toBe('Acme Lighting');
    expect(all['continueWith']).toContain('Acme Home');
    expect(all['title']).toContain('Acme Home');
    expect(all['website']).toMatch(/Acme Lights/);
    expect(all['website']).toMatch(/Amazon/);
  });

  it.each(['bad-request', 'expired', 'finished', 'other-browser', 'unavailable', 'not-found'] as const)(
    '%s: lead back to the Alexa app',
    (key) => {
      expect(texts.messages[key][1]).toContain('Alexa');
    },
  );

  it('say nothing about protocols', () => {
    expect(JSON.stringify(Object.values(all))).not.toMatch(/OAuth|token|redirect|client|HTTP|server|scope/i);
  });
});

it('say each thing differently from all others, and in each language differently', () => {
  for (const language of LANGUAGES) {
    const said = Object.values(flat(TEXTS[language]));
    expect(new Set(said).size).toBe(said.length);
  }
  for (const name of Object.keys(flat(TEXTS.en))) {
    const said = LANGUAGES.map((language) => flat(TEXTS[language])[name]);
    // "Cancelar" is both Spanish and Portuguese, and one other word at most may be.
    expect(new Set(said).size).toBeGreaterThanOrEqual(LANGUAGES.length - 1);
  }
});
