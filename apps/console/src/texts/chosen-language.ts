import type { Language } from './languages.js';
import { pickLanguage } from './pick-language.js';

const KEY = 'linkbroker-language';

/** The language that was chosen in this browser, else the one it asks for. */
export const chosenLanguage = (): Language => pickLanguage(read(), navigator.languages);

/** Where a browser keeps nothing, the page works all the same. */
function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // The choice then lasts as long as the page.
  }
}
