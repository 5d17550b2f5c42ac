import { sha256 } from './token-mac.js';

/** Crockford's base 32: no letter that is mistaken for another when read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The reference a household can tell support: derived from an id, and useless for acting on it. Like `K7QX-3M2P`. */
export function supportReference(id: string): string {
  const digest = sha256(`linkbroker/reference/${id}`);
  const letters = Array.from(digest.subarray(0, 8), (octet) => ALPHABET[octet & 31]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
