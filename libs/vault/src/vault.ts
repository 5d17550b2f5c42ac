import type { Deadline, TenantId } from '@linkbroker/contracts';
import { bytesToUuid, uuidToBytes } from '@linkbroker/protocol';
import { randomBytes, randomUUID } from 'node:crypto';
import { decrypt, encrypt } from './authenticated-encryption.js';
import { DecryptionFailed } from './decryption-failed.js';
import type { MasterKeys } from './master-keys.js';

/** Where a sealed value lives. All of it is authenticated, so a value moved elsewhere does not open. */
export interface Place {
  readonly tenantId: TenantId;
  readonly row: string;
  readonly field: string;
  readonly version: number;
}

export interface WrappedKey {
  readonly id: string;
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
}

/** The rows behind the data keys. */
export interface DataKeyRows {
  dataKeys(tenantId: TenantId, deadline: Deadline): Promise<WrappedKey[]>;
  addDataKey(tenantId: TenantId, key: WrappedKey, deadline: Deadline): Promise<void>;
}

interface TenantKeys {
  /** When they were asked for, in milliseconds of the vault's clock. */
  readonly readAt: number;
  readonly active: { readonly id: string; readonly key: Buffer };
  readonly byId: ReadonlyMap<string, Buffer>;
}

/** How long the active key may be another one before this process knows. A rotation waits for longer than that. */
const MAX_AGE_MS = 60_000;
const VERSION = 1;
const HEADER_BYTES = 17;

const aadOfPlace = ({ tenantId, row, field, version }: Place): string =>
  `${tenantId}|${row}|${field}|${String(version)}`;
export const aadOfDataKey = (tenantId: TenantId, id: string): string => `data-key|${tenantId}|${id}`;

/**
 * Envelope encryption: a data key per tenant, wrapped by a master key. A sealed value is
 * `version | data key id | nonce | ciphertext | tag`, so that each says itself which key opens it.
 * @see ADR 0013
 */
export class Vault {
  private readonly tenants = new Map<TenantId, Promise<TenantKeys>>();
  private readonly rereading = new Map<TenantId, Promise<TenantKeys>>();

  constructor(
    private readonly masterKeys: MasterKeys,
    private readonly rows: DataKeyRows,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * Seals a value for one place with the key that was the tenant's active one at most a minute ago; while the rows cannot
   * be read, with the last one known, because what is to be sealed may be all there is. Creates the tenant's data key at
   * its first use.
   */
  async seal(place: Place, plain: Buffer, deadline: Deadline): Promise<Buffer> {
    const { active } = await this.currentKeysOf(place.tenantId, deadline);
    const header = Buffer.concat([Buffer.from([VERSION]), uuidToBytes(active.id)]);
    return Buffer.concat([header, encrypt(active.key, plain, aadOfPlace(place))]);
  }

  /**
   * Opens a value sealed for exactly this place. What is opened is often sealed again when the database may be away, so
   * keys that are old are read again meanwhile.
   * @throws DecryptionFailed
   */
  async open(place: Place, sealed: Buffer, deadline: Deadline): Promise<Buffer> {
    if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw new DecryptionFailed(aadOfPlace(place));
    const keyId = bytesToUuid(sealed.subarray(1, HEADER_BYTES));
    const key = await this.keyById(place.tenantId, keyId, deadline);
    if (!key) throw new DecryptionFailed(aadOfPlace(place), { cause: new Error(`data key ${keyId} is not there`) });
    try {
      return decrypt(key, sealed.subarray(HEADER_BYTES), aadOfPlace(place));
    } catch (cause) {
      throw new DecryptionFailed(aadOfPlace(place), { cause });
    }
  }

  /**
   * A key this process has not seen may have been added by another one: the rows are read once more. A reading that is
   * under way may have begun before the key was there.
   */
  private async keyById(tenantId: TenantId, keyId: string, deadline: Deadline): Promise<Buffer | undefined> {
    const keys = await this.keysOf(tenantId, deadline);
    const known = keys.byId.get(keyId);
    if (known) {
      if (!this.isFresh(keys)) this.reread(tenantId, deadline).catch(() => undefined);
      return known;
    }
    const under = await this.rereading.get(tenantId)?.catch(() => undefined);
    return under?.byId.get(keyId) ?? (await this.reread(tenantId, deadline)).byId.get(keyId);
  }

  private async currentKeysOf(tenantId: TenantId, deadline: Deadline): Promise<TenantKeys> {
    const keys = await this.keysOf(tenantId, deadline);
    return this.isFresh(keys) ? keys : this.reread(tenantId, deadline).catch(() => keys);
  }

  /** A clock that was put back makes nothing fresh. */
  private isFresh({ readAt }: TenantKeys): boolean {
    const age = this.now().getTime() - readAt;
    return age >= 0 && age <= MAX_AGE_MS;
  }

  /** Reads the rows again, once for all who ask meanwhile; what was known stays until it has worked. */
  private reread(tenantId: TenantId, deadline: Deadline): Promise<TenantKeys> {
    const under = this.rereading.get(tenantId);
    if (under) return under;
    const reading = this.load(tenantId, deadline)
      .then((keys) => {
        this.tenants.set(tenantId, Promise.resolve(keys));
        return keys;
      })
      .finally(() => this.rereading.delete(tenantId));
    this.rereading.set(tenantId, reading);
    return reading;
  }

  private keysOf(tenantId: TenantId, deadline: Deadline): Promise<TenantKeys> {
    const known = this.tenants.get(tenantId);
    if (known) return known;
    const loading = this.load(tenantId, deadline);
    this.tenants.set(tenantId, loading);
    loading.catch(() => this.tenants.delete(tenantId));
    return loading;
  }

  private async load(tenantId: TenantId, deadline: Deadline): Promise<TenantKeys> {
    const readAt = this.now().getTime();
    let rows = await this.rows.dataKeys(tenantId, deadline);
    if (rows.length === 0) {
      await this.rows.addDataKey(tenantId, newDataKey(this.masterKeys, tenantId), deadline);
      rows = await this.rows.dataKeys(tenantId, deadline);
    }
    const byId = new Map(rows.map((row) => [row.id, this.unwrap(tenantId, row)]));
    const [first] = byId;
    if (!first) throw new DecryptionFailed(`data keys of tenant ${tenantId}`);
    return { readAt, active: { id: first[0], key: first[1] }, byId };
  }

  private unwrap(tenantId: TenantId, row: WrappedKey): Buffer {
    return unwrapKey(this.masterKeys, row.masterKeyId, row.wrapped, aadOfDataKey(tenantId, row.id));
  }
}

/** A fresh data key of a tenant, wrapped by the active master key. */
export function newDataKey(masterKeys: MasterKeys, tenantId: TenantId): WrappedKey {
  const [id, masterKeyId] = [randomUUID(), masterKeys.active];
  return { id, masterKeyId, wrapped: wrapKey(masterKeys, masterKeyId, randomBytes(32), aadOfDataKey(tenantId, id)) };
}

/** Wraps key material under a master key. */
export function wrapKey(masterKeys: MasterKeys, masterKeyId: string, key: Buffer, authenticated: string): Buffer {
  const master = masterKeys.get(masterKeyId);
  if (!master) throw new DecryptionFailed(`master key "${masterKeyId}"`);
  return encrypt(master, key, authenticated);
}

/** Unwraps key material. @throws DecryptionFailed when the master key is missing or is another one of the same name */
export function unwrapKey(masterKeys: MasterKeys, masterKeyId: string, wrapped: Buffer, authenticated: string): Buffer {
  const master = masterKeys.get(masterKeyId);
  if (!master) {
    throw new DecryptionFailed(authenticated, { cause: new Error(`MASTER_KEYS lacks the key "${masterKeyId}"`) });
  }
  try {
    return decrypt(master, wrapped, authenticated);
  } catch (cause) {
    throw new DecryptionFailed(authenticated, { cause });
  }
}
