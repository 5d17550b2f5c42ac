import type { Language } from '../language.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { hi } from './hi.js';
import { it } from './it.js';
import { ja } from './ja.js';
import { ptBR } from './pt-br.js';
import type { Texts } from './texts.js';

export type { MessageKey, Texts } from './texts.js';

/** The words of the pages. A language or a text that is missing does not compile. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en, de, fr, es, it, 'pt-BR': ptBR, ja, hi };
