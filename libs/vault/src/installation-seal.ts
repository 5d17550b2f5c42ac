import { decrypt, encrypt } from './authenticated-encryption.js';
import { DecryptionFailed } from './decryption-failed.js';
import type { Fingerprints } from './fingerprints.js';

const VERSION = 1;

/**
 * Seals what belongs to no tenant: secrets of people who sign in to the admin app. Its key is made from the fingerprint
 * key, so that it is where all other keys are: wrapped by the master keys, and wrapped anew when they rotate.
 */
export class InstallationSeal {
  private readonly key: Buffer;

  constructor(fingerprints: Pick<Fingerprints, 'of'>) {
    this.key = fingerprints.of('installation seal', []);
  }

  /** Seals a value for one place, such as `accounts.totp_secret|<row>`. */
  seal(place: string, plain: Buffer): Buffer {
    return Buffer.concat([Buffer.from([VERSION]), encrypt(this.key, plain, place)]);
  }

  /** @throws DecryptionFailed */
  open(place: string, sealed: Buffer): Buffer {
    if (sealed[0] !== VERSION) throw new DecryptionFailed(place);
    try {
      return decrypt(this.key, sealed.subarray(1), place);
    } catch (cause) {
      throw new DecryptionFailed(place, { cause });
    }
  }
}
