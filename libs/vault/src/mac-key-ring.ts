import type { Deadline } from '@linkbroker/contracts';
import { deriveMacKey, type MacKey } from '@linkbroker/protocol';
import { randomBytes } from 'node:crypto';
import type { MasterKeys } from './master-keys.js';
import { unwrapKey, wrapKey } from './vault.js';

export interface WrappedMacKeyRow {
  readonly id: number;
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
  /** From when on tokens are signed with it; every replica has loaded it long before. */
  readonly signsFrom: Date;
}

/** The rows behind the ring. */
export interface MacKeyRows {
  macKeys(deadline: Deadline): Promise<WrappedMacKeyRow[]>;
  addFirstMacKey(key: WrappedMacKeyRow, deadline: Deadline): Promise<void>;
}

interface LoadedKey extends MacKey {
  readonly signsFrom: Date;
}

export const aadOfMacKey = (id: number): string => `mac-key|${String(id)}`;

/**
 * The MAC keys of the facade's tokens, unwrapped and held in memory. Loading is the canary: a ring with a key that
 * does not open refuses to load, because every token under that key would look like a failure.
 * @see ADR 0001
 */
export class MacKeyRing {
  private keys: ReadonlyMap<number, LoadedKey> = new Map();
  /** Sorted once: every refresh asks which one signs. */
  private bySigningTime: readonly LoadedKey[] = [];

  constructor(
    private readonly masterKeys: MasterKeys,
    private readonly rows: MacKeyRows,
  ) {}

  /** Loads all keys, and makes the first one in a fresh database. @throws DecryptionFailed */
  async load(now: Date, deadline: Deadline): Promise<void> {
    let rows = await this.rows.macKeys(deadline);
    if (rows.length === 0) {
      const masterKeyId = this.masterKeys.active;
      const wrapped = wrapKey(this.masterKeys, masterKeyId, randomBytes(32), aadOfMacKey(1));
      await this.rows.addFirstMacKey({ id: 1, masterKeyId, wrapped, signsFrom: now }, deadline);
      rows = await this.rows.macKeys(deadline);
    }
    const keys = rows.map((row) => this.unwrap(row));
    this.keys = new Map(keys.map((key) => [key.id, key]));
    this.bySigningTime = keys.sort((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
  }

  /** The key a token names; undefined is a failure to look, not a verdict. */
  readonly lookup = (id: number): MacKey | undefined => this.keys.get(id);

  /**
   * The id of the key to sign with: the newest whose time has come. On a clock that is behind the one that made the
   * very first key no time has come yet; then it is the first there will be, because there is no other.
   */
  signingKeyId(now: Date): number {
    const signing = this.bySigningTime.findLast((key) => key.signsFrom <= now) ?? this.bySigningTime[0];
    if (!signing) throw new Error('no MAC key is loaded');
    return signing.id;
  }

  private unwrap(row: WrappedMacKeyRow): LoadedKey {
    const secret = unwrapKey(this.masterKeys, row.masterKeyId, row.wrapped, aadOfMacKey(row.id));
    return { ...deriveMacKey(row.id, secret), signsFrom: row.signsFrom };
  }
}
