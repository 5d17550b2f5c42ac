import { constants, verify, type KeyObject } from 'node:crypto';

/** Of a key of 8,192 bits, which is twice of what Amazon uses. */
const BASE64 = /^[A-Za-z0-9+/]{4,1366}={0,2}$/;

/**
 * Whether a body was signed by who has the key's other half: RSA with SHA-256 over its octets, as Amazon writes it into the
 * header `Signature-256`.
 * @param body as it came; text in UTF-8
 * @see R201
 */
export function isSignedBy(key: KeyObject, body: string, signature: string): boolean {
  if (key.asymmetricKeyType !== 'rsa' || !BASE64.test(signature)) return false;
  const padded = { key, padding: constants.RSA_PKCS1_PADDING };
  return verify('sha256', Buffer.from(body, 'utf8'), padded, Buffer.from(signature, 'base64'));
}
