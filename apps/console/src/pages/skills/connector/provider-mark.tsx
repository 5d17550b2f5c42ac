import type { ReactNode } from 'react';

const HUES = 12;

/** A sign of a provider: its initials on a ground of its own. No other host is asked for a picture. */
export function ProviderMark({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  return (
    <span className="lb-provider" data-hue={hueOf(id)} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}

function hueOf(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % HUES;
}

const first = (word: string, count = 1): string => Array.from(word).slice(0, count).join('');

/** The first letters of its first two words, or of its only one. */
export function initialsOf(name: string): string {
  const [one = '', two] = name.split(/[\s.]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return two === undefined ? first(one, 2) : first(one) + first(two);
}
