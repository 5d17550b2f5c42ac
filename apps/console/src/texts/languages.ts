import type { Texts } from './en.js';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

const SOURCES: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => (await import('./en.js')).EN,
  de: async () => (await import('./de.js')).DE,
};

/** The words of a language; only those that are spoken are fetched. */
export const loadTexts = (language: Language): Promise<Texts> => SOURCES[language]();
