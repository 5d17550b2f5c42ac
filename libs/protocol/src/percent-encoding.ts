const UNRESERVED = /[A-Za-z0-9\-._~]/;
const ENCODED = /[%+]/;
const ESCAPE = /%([0-9A-Fa-f]{2})/g;

/**
 * Decodes only `%XX` and leaves a raw `+` alone. The result is a byte string: one character per octet, 0–255, so any
 * input survives {@link encodePercent} unchanged, whether or not it is UTF-8. A stray `%` is kept as it is.
 * @see R29
 */
export function decodePercent(raw: string): string {
  return Buffer.from(raw, 'utf8')
    .toString('latin1')
    .replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Percent-encodes every octet of a byte string that is not unreserved (RFC 3986 §2.3): `+` `/` `=` become `%2B` `%2F` `%3D`. */
export function encodePercent(bytes: string): string {
  let out = '';
  for (const char of bytes) {
    out += UNRESERVED.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** Decodes `application/x-www-form-urlencoded` text (`+` is a space); `undefined` when it is malformed or not UTF-8. */
export function decodeForm(raw: string): string | undefined {
  if (!ENCODED.test(raw)) return raw;
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
