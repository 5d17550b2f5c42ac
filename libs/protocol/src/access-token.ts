import { buildFrame, readFrame, type TokenKind, type TokenReading } from './token-frame.js';
import type { MacKeyLookup } from './token-mac.js';
import { bytesToUuid, uuidToBytes } from './uuid.js';

/** What an access token says once its MAC holds. `issuedAt` is milliseconds since the epoch, `accessSecret` 16 octets. */
export interface AccessTokenClaims {
  readonly macKeyId: number;
  readonly grantId: string;
  readonly accessSecret: Buffer;
  readonly issuedAt: number;
  readonly ttlSeconds: number;
}

const KIND: TokenKind = { type: 0x12, purpose: 'access', payloadBytes: 42 };
const NO_CONTEXT = Buffer.alloc(0);

/** Builds the 80-character access token. Not bound to a client by its MAC: resource servers present it too. */
export function buildAccessToken(claims: AccessTokenClaims, keys: MacKeyLookup): string {
  const payload = Buffer.alloc(KIND.payloadBytes);
  uuidToBytes(claims.grantId).copy(payload, 0);
  claims.accessSecret.copy(payload, 16);
  payload.writeUIntBE(claims.issuedAt, 32, 6);
  payload.writeUInt32BE(claims.ttlSeconds, 38);
  return buildFrame(KIND, claims.macKeyId, payload, NO_CONTEXT, keys);
}

/** Reads a presented access token; expiry and revocation are the caller's to judge. */
export function readAccessToken(token: string, keys: MacKeyLookup): TokenReading<AccessTokenClaims> {
  const frame = readFrame(KIND, token, NO_CONTEXT, keys);
  if (frame.kind !== 'valid') return frame;
  const { macKeyId, payload } = frame.claims;
  const claims: AccessTokenClaims = {
    macKeyId,
    grantId: bytesToUuid(payload.subarray(0, 16)),
    accessSecret: Buffer.from(payload.subarray(16, 32)),
    issuedAt: payload.readUIntBE(32, 6),
    ttlSeconds: payload.readUInt32BE(38),
  };
  return { kind: 'valid', claims };
}

/** The moment an access token ends, in milliseconds since the epoch. */
export function accessTokenExpiry(claims: AccessTokenClaims): number {
  return claims.issuedAt + claims.ttlSeconds * 1000;
}
