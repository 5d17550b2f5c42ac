import { createHmac, createSecretKey, hash, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';

/** One MAC key of the ring, already split into a subkey per purpose so that no token verifies as another kind. */
export interface MacKey {
  /** 1–255; written into each token. */
  readonly id: number;
  readonly refresh: KeyObject;
  readonly access: KeyObject;
  readonly repair: KeyObject;
}

/** What a MAC subkey is for. */
export type TokenPurpose = 'refresh' | 'access' | 'repair';

/** Looks a key up by the id a token carries; `undefined` is a failure to look, not a verdict. */
export type MacKeyLookup = (id: number) => MacKey | undefined;

const MAC_BYTES = 16;
const ACCESS_SECRET_LABEL = Buffer.from('linkbroker/access-secret');

/**
 * Splits 32 random octets into the subkeys of {@link MacKey} (HKDF-SHA-256, RFC 5869). Key objects, because handing
 * raw octets to each HMAC costs five times the HMAC.
 */
export function deriveMacKey(id: number, secret: Buffer): MacKey {
  const subkey = (purpose: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `linkbroker/${purpose}`, 32)));
  return { id, refresh: subkey('refresh-token'), access: subkey('access-token'), repair: subkey('repair-token') };
}

/** HMAC-SHA-256 over the token body and the client it belongs to, cut to 16 octets. */
export function macOf(key: KeyObject, body: Buffer, context: Buffer): Buffer {
  return createHmac('sha256', key).update(body).update(context).digest().subarray(0, MAC_BYTES);
}

/** Constant-time check of a MAC made by {@link macOf}. */
export function verifyMac(key: KeyObject, body: Buffer, context: Buffer, mac: Buffer): boolean {
  return mac.length === MAC_BYTES && timingSafeEqual(macOf(key, body, context), mac);
}

/** The value a grant's access tokens carry: derived from the grant secret, and not enough to make a refresh token. */
export function accessSecretOf(grantSecret: Buffer): Buffer {
  return hash('sha256', Buffer.concat([ACCESS_SECRET_LABEL, grantSecret]), 'buffer').subarray(0, 16);
}

/** SHA-256, the only form in which secrets reach the database. */
export function sha256(value: Buffer | string): Buffer {
  return hash('sha256', value, 'buffer');
}
