/** Languages the pages speak, as BCP 47 tags; the first one where nothing else fits. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt-BR', 'ja', 'hi'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Longer than any browser's; what is beyond is not looked at. */
const LONGEST = 1_024;

interface Wish {
  readonly tag: string;
  readonly quality: number;
}

/**
 * The language of `Accept-Language` that we speak and that is wanted most; English otherwise. Another region of a
 * language is better than another language (`de-AT` gets `de`, `pt` and `pt-PT` get `pt-BR`), and `*` stands for
 * whatever the header does not name.
 * @see R42, RFC 9110 §12.5.4, RFC 4647 §3.4
 */
export function pickLanguage(acceptLanguage: string | undefined): Language {
  const wishes = readWishes(acceptLanguage ?? '');
  const named = new Set(wishes.map(({ tag }) => findLanguage(tag)));
  for (const { tag } of wishes.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality)) {
    const found = tag === '*' ? LANGUAGES.find((language) => !named.has(language)) : findLanguage(tag);
    if (found !== undefined) return found;
  }
  return LANGUAGES[0];
}

function readWishes(header: string): Wish[] {
  return header
    .slice(0, LONGEST)
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.map((parameter) => /^q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    });
}

function findLanguage(tag: string): Language | undefined {
  const [primary] = tag.split('-');
  return (
    LANGUAGES.find((language) => language.toLowerCase() === tag) ??
    LANGUAGES.find((language) => language.split('-')[0] === primary)
  );
}
