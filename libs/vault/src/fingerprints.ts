import type { Deadline } from '@linkbroker/contracts';
import { createHmac, randomBytes } from 'node:crypto';
import { DecryptionFailed } from './decryption-failed.js';
import type { MasterKeys } from './master-keys.js';
import { unwrapKey, wrapKey } from './vault.js';

export interface WrappedFingerprintKeyRow {
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
}

/** The row behind the fingerprints. */
export interface FingerprintKeyRows {
  fingerprintKey(deadline: Deadline): Promise<WrappedFingerprintKeyRow | undefined>;
  addFingerprintKey(key: WrappedFingerprintKeyRow, deadline: Deadline): Promise<void>;
}

export const FINGERPRINT_KEY_AAD = 'fingerprint-key|1';

/**
 * Keyed fingerprints: equal values have equal fingerprints, and without the key nobody can guess a value from one. The
 * key is the broker's, random, made once and stored wrapped.
 */
export class Fingerprints {
  private constructor(private readonly key: Buffer) {}

  /** Loads the key, and makes it in a fresh database. @throws DecryptionFailed */
  static async open(masterKeys: MasterKeys, rows: FingerprintKeyRows, deadline: Deadline): Promise<Fingerprints> {
    let row = await rows.fingerprintKey(deadline);
    if (!row) {
      const wrapped = wrapKey(masterKeys, masterKeys.active, randomBytes(32), FINGERPRINT_KEY_AAD);
      await rows.addFingerprintKey({ masterKeyId: masterKeys.active, wrapped }, deadline);
      row = await rows.fingerprintKey(deadline);
    }
    if (!row) throw new DecryptionFailed(FINGERPRINT_KEY_AAD);
    return new Fingerprints(unwrapKey(masterKeys, row.masterKeyId, row.wrapped, FINGERPRINT_KEY_AAD));
  }

  /**
   * The fingerprint of a list of texts for one purpose, 32 octets; each part's length is in it, so that no two lists share
   * one.
   */
  readonly of = (purpose: string, parts: readonly string[]): Buffer => {
    const hmac = createHmac('sha256', this.key);
    for (const part of [purpose, ...parts]) {
      const bytes = Buffer.from(part, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest();
  };
}
