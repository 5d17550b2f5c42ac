import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

/** Octets of a nonce of AES-GCM. @see NIST SP 800-38D §8.2 */
export const ANSWER_NONCE_BYTES = 12;

const TAG_BYTES = 16;
const INFO = 'linkbroker/relayed-answer';

/** What opens a kept answer: the token that was presented, and a salt that only the broker can make. */
export interface AnswerKey {
  readonly token: string;
  /** Keyed by the broker, so that a short code cannot be guessed by who has the rows alone. */
  readonly salt: Buffer;
  /** What the answer belongs to; it opens nowhere else. */
  readonly place: string;
}

const keyOf = ({ token, salt }: AnswerKey): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(token, 'utf8'), salt, INFO, 32));

/**
 * Encrypts an answer under the token that it answers: `nonce | ciphertext | tag`, AES-256-GCM.
 * @param nonce 12 random octets
 * @see RFC 5869, NIST SP 800-38D
 */
export function sealUnderToken(key: AnswerKey, nonce: Buffer, plain: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', keyOf(key), nonce);
  cipher.setAAD(Buffer.from(key.place, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Undoes {@link sealUnderToken}; undefined when token, salt, place or octets are not the ones it was made with. */
export function openUnderToken(key: AnswerKey, sealed: Buffer): string | undefined {
  if (sealed.length < ANSWER_NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = sealed.subarray(0, ANSWER_NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', keyOf(key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(key.place, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(ANSWER_NONCE_BYTES, sealed.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
