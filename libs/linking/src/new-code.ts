import { sha256 } from '@linkbroker/protocol';
import type { Ambient } from './needs.js';

/** Octets of a code: 32 characters of base64url, 192 random bits. */
const CODE_BYTES = 24;
/** Alexa redeems at once; ten minutes is the most RFC 6749 §4.1.2 recommends. @see R59 */
const CODE_TTL_MS = 10 * 60_000;

/** A code, and what is stored of it. */
export function newCode(
  { randomBytes }: Pick<Ambient, 'randomBytes'>,
  now: Date,
): { readonly code: string; readonly codeHash: Buffer; readonly codeExpiresAt: Date } {
  const code = randomBytes(CODE_BYTES).toString('base64url');
  return { code, codeHash: sha256(code), codeExpiresAt: new Date(now.getTime() + CODE_TTL_MS) };
}
