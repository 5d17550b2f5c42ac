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
  readonly active: { readonly id: string; readonly key: Buffer };
  readonly byId: ReadonlyMap<string, Buffer>;
}

const VERSION = 1;
const HEADER_BYTES = 17;

const aadOfPlace = ({ tenantId, row, field, version }: Place): string =>
  `${tenantId}|${row}|${field}|${String(version)}`;
const aadOfDataKey = (tenantId: TenantId, id: string): string => `data-key|${tenantId}|${id}`;

/**
 * Envelope encryption: a data key per tenant, wrapped by a master key. A sealed value is
 * `version | data key id | nonce | ciphertext | tag`, so that each says itself which key opens it.
 */
export class Vault {
  private readonly tenants = new Map<TenantId, Promise<TenantKeys>>();

  constructor(
    private readonly masterKeys: MasterKeys,
    private readonly rows: DataKeyRows,
  ) {}

  /** Seals a value for one place. Creates the tenant's data key at its first use. */
  async seal(place: Place, plain: Buffer, deadline: Deadline): Promise<Buffer> {
    const { active } = await this.keysOf(place.tenantId, deadline);
    const header = Buffer.concat([Buffer.from([VERSION]), uuidToBytes(active.id)]);
    return Buffer.concat([header, encrypt(active.key, plain, aadOfPlace(place))]);
  }

  /** Opens a value sealed for exactly this place. @throws DecryptionFailed */
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

  /** A key this process has not seen may have been added by another one: the rows are read once more. */
  private async keyById(tenantId: TenantId, keyId: string, deadline: Deadline): Promise<Buffer | undefined> {
    const known = (await this.keysOf(tenantId, deadline)).byId.get(keyId);
    if (known) return known;
    this.tenants.delete(tenantId);
    return (await this.keysOf(tenantId, deadline)).byId.get(keyId);
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
    let rows = await this.rows.dataKeys(tenantId, deadline);
    if (rows.length === 0) {
      await this.rows.addDataKey(tenantId, this.newDataKey(tenantId), deadline);
      rows = await this.rows.dataKeys(tenantId, deadline);
    }
    const byId = new Map(rows.map((row) => [row.id, this.unwrap(tenantId, row)]));
    const [first] = byId;
    if (!first) throw new DecryptionFailed(`data keys of tenant ${tenantId}`);
    return { active: { id: first[0], key: first[1] }, byId };
  }

  private newDataKey(tenantId: TenantId): WrappedKey {
    const id = randomUUID();
    const masterKeyId = this.masterKeys.active;
    return {
      id,
      masterKeyId,
      wrapped: wrapKey(this.masterKeys, masterKeyId, randomBytes(32), aadOfDataKey(tenantId, id)),
    };
  }

  private unwrap(tenantId: TenantId, row: WrappedKey): Buffer {
    return unwrapKey(this.masterKeys, row.masterKeyId, row.wrapped, aadOfDataKey(tenantId, row.id));
  }
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
