import { buildFrame, readFrame, type TokenKind, type TokenReading } from './token-frame.js';
import type { MacKeyLookup } from './token-mac.js';
import { bytesToUuid, uuidToBytes } from './uuid.js';

/** What a refresh token says once its MAC holds. `grantSecret` is 16 octets. */
export interface RefreshTokenClaims {
  readonly macKeyId: number;
  readonly grantId: string;
  readonly grantSecret: Buffer;
  readonly generation: number;
}

const KIND: TokenKind = { type: 0x11, purpose: 'refresh', payloadBytes: 36 };

/** Generations are 32 bits on the wire: at one a minute they last eight thousand years. */
export const MAX_GENERATION = 0xffff_ffff;

/**
 * Builds the 72-character refresh token of one generation of a grant. The skill id goes into the MAC, so a token
 * presented by another client is forged before any I/O. Deterministic: the same claims give the same token.
 * @throws RangeError when the MAC key is not in the ring
 * @see ADR 0001
 */
export function buildRefreshToken(claims: RefreshTokenClaims, skillId: string, keys: MacKeyLookup): string {
  const payload = Buffer.alloc(KIND.payloadBytes);
  uuidToBytes(claims.grantId).copy(payload, 0);
  claims.grantSecret.copy(payload, 16);
  payload.writeUInt32BE(claims.generation, 32);
  return buildFrame(KIND, claims.macKeyId, payload, uuidToBytes(skillId), keys);
}

/** Reads a refresh token presented by the client of `skillId`. */
export function readRefreshToken(token: string, skillId: string, keys: MacKeyLookup): TokenReading<RefreshTokenClaims> {
  const frame = readFrame(KIND, token, uuidToBytes(skillId), keys);
  if (frame.kind !== 'valid') return frame;
  const { macKeyId, payload } = frame.claims;
  const claims: RefreshTokenClaims = {
    macKeyId,
    grantId: bytesToUuid(payload.subarray(0, 16)),
    grantSecret: Buffer.from(payload.subarray(16, 32)),
    generation: payload.readUInt32BE(32),
  };
  return { kind: 'valid', claims };
}
