import { buildFrame, readFrame, type TokenKind, type TokenReading } from './token-frame.js';
import type { MacKeyLookup } from './token-mac.js';
import { bytesToUuid, uuidToBytes } from './uuid.js';

/** What a repair token says once its MAC holds. `expiresAt` has whole seconds. */
export interface RepairTokenClaims {
  readonly macKeyId: number;
  readonly tenantId: string;
  readonly linkId: string;
  readonly expiresAt: Date;
}

const KIND: TokenKind = { type: 0x13, purpose: 'repair', payloadBytes: 36 };
const NO_CONTEXT = Buffer.alloc(0);

/**
 * Builds the 72-character token of a repair link. It says which link may be renewed and until when, and gives its bearer
 * nothing but a sign-in page: only the account that was linked can finish it.
 * @throws RangeError when the MAC key is not in the ring
 * @see ADR 0015
 */
export function buildRepairToken(claims: RepairTokenClaims, keys: MacKeyLookup): string {
  const payload = Buffer.alloc(KIND.payloadBytes);
  uuidToBytes(claims.tenantId).copy(payload, 0);
  uuidToBytes(claims.linkId).copy(payload, 16);
  payload.writeUInt32BE(Math.floor(claims.expiresAt.getTime() / 1_000), 32);
  return buildFrame(KIND, claims.macKeyId, payload, NO_CONTEXT, keys);
}

/** Reads a repair token; whether it has expired is the caller's question. */
export function readRepairToken(token: string, keys: MacKeyLookup): TokenReading<RepairTokenClaims> {
  const frame = readFrame(KIND, token, NO_CONTEXT, keys);
  if (frame.kind !== 'valid') return frame;
  const { macKeyId, payload } = frame.claims;
  const claims: RepairTokenClaims = {
    macKeyId,
    tenantId: bytesToUuid(payload.subarray(0, 16)),
    linkId: bytesToUuid(payload.subarray(16, 32)),
    expiresAt: new Date(payload.readUInt32BE(32) * 1_000),
  };
  return { kind: 'valid', claims };
}
