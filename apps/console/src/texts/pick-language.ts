import { LANGUAGES, type Language } from './languages.js';

/** The language that was chosen, else the first of the browser's that we speak, else English. */
export function pickLanguage(chosen: string | null, wanted: readonly string[]): Language {
  const speaks = (tag: string): Language | undefined =>
    LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
  return [chosen ?? '', ...wanted].map(speaks).find((language) => language !== undefined) ?? 'en';
}
