import { createContext, use } from 'react';
import type { Texts } from './en.js';
import type { Language } from './languages.js';

export interface Spoken {
  readonly language: Language;
  readonly texts: Texts;
  readonly speak: (language: Language) => void;
}

export const LanguageContext = createContext<Spoken | undefined>(undefined);

/** The language of whoever looks at the page, and how to change it. */
export function useLanguage(): Spoken {
  const spoken = use(LanguageContext);
  if (!spoken) throw new Error('no language is spoken here');
  return spoken;
}

/** The words of the page in that language. */
export const useTexts = (): Texts => useLanguage().texts;
