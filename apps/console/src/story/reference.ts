const REFERENCE = /^([0-9A-HJKMNP-TV-Z]{4})[\s-]?([0-9A-HJKMNP-TV-Z]{4})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What somebody may have been given to look something up by. */
export type LookedUp =
  { readonly kind: 'reference'; readonly reference: string } | { readonly kind: 'link'; readonly id: string };

/** Reads a support reference, however it was typed or dictated, or a link's id; undefined for anything else. */
export function readLookUp(text: string): LookedUp | undefined {
  const trimmed = text.trim();
  if (UUID.test(trimmed)) return { kind: 'link', id: trimmed.toLowerCase() };
  // The alphabet leaves out I, L, O and U, because people take them for 1, 1, 0 and V.
  const plain = trimmed.toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  const [, first, second] = REFERENCE.exec(plain) ?? [];
  return first && second ? { kind: 'reference', reference: `${first}-${second}` } : undefined;
}
