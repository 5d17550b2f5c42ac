import { macOf, verifyMac, type MacKeyLookup, type TokenPurpose } from './token-mac.js';

/** Outcome of reading a presented string. `forged` is a verdict; `unknown-key` is a failure to look (503). */
export type TokenReading<Claims> =
  | { readonly kind: 'valid'; readonly claims: Claims }
  | { readonly kind: 'forged' }
  | { readonly kind: 'unknown-key'; readonly macKeyId: number };

/** The fixed part of a token kind: version and type octet, MAC subkey, payload size. */
export interface TokenKind {
  readonly type: number;
  readonly purpose: TokenPurpose;
  readonly payloadBytes: number;
}

const HEADER_BYTES = 2;
const MAC_BYTES = 16;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** `type | key id | payload | MAC` in base64url. @throws RangeError when the key is not in the ring */
export function buildFrame(
  kind: TokenKind,
  macKeyId: number,
  payload: Buffer,
  context: Buffer,
  keys: MacKeyLookup,
): string {
  const key = keys(macKeyId);
  if (!key) throw new RangeError(`MAC key ${String(macKeyId)} is not in the ring`);
  const body = Buffer.concat([Buffer.from([kind.type, macKeyId]), payload]);
  return Buffer.concat([body, macOf(key[kind.purpose], body, context)]).toString('base64url');
}

/** Checks shape, type and MAC before anything else looks at the payload; no I/O. */
export function readFrame(
  kind: TokenKind,
  token: string,
  context: Buffer,
  keys: MacKeyLookup,
): TokenReading<{ macKeyId: number; payload: Buffer }> {
  const bodyBytes = HEADER_BYTES + kind.payloadBytes;
  if (token.length !== ((bodyBytes + MAC_BYTES) * 4) / 3 || !BASE64URL.test(token)) return { kind: 'forged' };
  const bytes = Buffer.from(token, 'base64url');
  if (bytes[0] !== kind.type) return { kind: 'forged' };
  const macKeyId = bytes.readUInt8(1);
  const key = keys(macKeyId);
  if (!key) return { kind: 'unknown-key', macKeyId };
  const body = bytes.subarray(0, bodyBytes);
  if (!verifyMac(key[kind.purpose], body, context, bytes.subarray(bodyBytes))) return { kind: 'forged' };
  return { kind: 'valid', claims: { macKeyId, payload: body.subarray(HEADER_BYTES) } };
}
