import { createHash } from 'node:crypto';

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

/** Whether `value` has the shape of an S256 challenge: 43 characters of base64url. @see RFC 7636 §4.2 */
export function isCodeChallenge(value: string): boolean {
  return CHALLENGE.test(value);
}

/** Whether `value` has the shape of a verifier. @see RFC 7636 §4.1 */
export function isCodeVerifier(value: string): boolean {
  return VERIFIER.test(value);
}

/** BASE64URL(SHA-256(ASCII(verifier))). @see RFC 7636 §4.6 */
export function codeChallengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}
