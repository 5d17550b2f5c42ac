import type { Deadline, TenantId } from '@linkbroker/contracts';
import type { Database } from '../database/database.js';

/** A key as it is stored: wrapped by the named master key. */
export interface WrappedMacKey {
  readonly id: number;
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
  readonly signsFrom: Date;
}

export interface WrappedDataKey {
  readonly id: string;
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
}

/** The key of all keyed fingerprints, wrapped by the named master key. */
export interface WrappedFingerprintKey {
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
}

/** How many keys of a kind a master key wraps. */
export interface WrappedKeyCount {
  readonly kind: 'mac' | 'fingerprint' | 'data';
  readonly masterKeyId: string;
  readonly count: number;
}

/** The key ring's rows. MAC keys belong to the whole broker, data keys to one tenant each. */
export class KeysStore {
  constructor(private readonly database: Database) {}

  async macKeys(deadline: Deadline): Promise<WrappedMacKey[]> {
    const rows = await this.database.query<MacKeyRow>(MAC_KEYS, [], deadline);
    return rows.map((row) => ({
      id: row.id,
      masterKeyId: row.master_key_id,
      wrapped: row.wrapped,
      signsFrom: row.signs_from,
    }));
  }

  /** Adds the first MAC key when there is none; of several processes starting at once, one wins. */
  async addFirstMacKey(key: WrappedMacKey, deadline: Deadline): Promise<void> {
    await this.database.query(ADD_FIRST_MAC_KEY, [key.id, key.masterKeyId, key.wrapped, key.signsFrom], deadline);
  }

  /** The broker's fingerprint key, or undefined in a fresh database. */
  async fingerprintKey(deadline: Deadline): Promise<WrappedFingerprintKey | undefined> {
    const [row] = await this.database.query<FingerprintKeyRow>(FINGERPRINT_KEY, [], deadline);
    return row && { masterKeyId: row.master_key_id, wrapped: row.wrapped };
  }

  /** Adds it when there is none; of several processes starting at once, one wins. */
  async addFingerprintKey(key: WrappedFingerprintKey, deadline: Deadline): Promise<void> {
    await this.database.query(ADD_FINGERPRINT_KEY, [key.masterKeyId, key.wrapped], deadline);
  }

  /** A tenant's data keys, the active one first. */
  async dataKeys(tenantId: TenantId, deadline: Deadline): Promise<WrappedDataKey[]> {
    const rows = await this.database.query<DataKeyRow>(FIND_DATA_KEYS, [tenantId], deadline);
    return rows.map((row) => ({ id: row.id, masterKeyId: row.master_key_id, wrapped: row.wrapped }));
  }

  /** Adds a tenant's active data key unless it has one already. */
  async addDataKey(tenantId: TenantId, key: WrappedDataKey, deadline: Deadline): Promise<void> {
    await this.database.query(ADD_DATA_KEY, [tenantId, key.id, key.masterKeyId, key.wrapped], deadline);
  }

  /** Which master keys are needed to open what is there, and for how many keys; across tenants, of none in particular. */
  async countWrappedKeys(deadline: Deadline): Promise<WrappedKeyCount[]> {
    const rows = await this.database.query<CountRow>(COUNT_WRAPPED_KEYS, [], deadline);
    return rows.map((row) => ({ kind: row.kind, masterKeyId: row.master_key_id, count: Number(row.keys) }));
  }
}

const MAC_KEYS = {
  name: 'mac_keys',
  text: 'SELECT id, master_key_id, wrapped, signs_from FROM linkbroker.mac_keys ORDER BY id',
};
const ADD_FIRST_MAC_KEY = {
  name: 'add_first_mac_key',
  text: `INSERT INTO linkbroker.mac_keys (id, master_key_id, wrapped, signs_from)
    SELECT $1::smallint, $2, $3::bytea, $4::timestamptz WHERE NOT EXISTS (SELECT 1 FROM linkbroker.mac_keys) ON CONFLICT DO NOTHING`,
};
const FINGERPRINT_KEY = {
  name: 'fingerprint_key',
  text: 'SELECT master_key_id, wrapped FROM linkbroker.fingerprint_keys WHERE id = 1',
};
const ADD_FINGERPRINT_KEY = {
  name: 'add_fingerprint_key',
  text: 'INSERT INTO linkbroker.fingerprint_keys (id, master_key_id, wrapped) VALUES (1, $1, $2) ON CONFLICT DO NOTHING',
};
const FIND_DATA_KEYS = { name: 'find_data_keys', text: 'SELECT * FROM linkbroker.find_data_keys($1)' };
const COUNT_WRAPPED_KEYS = { name: 'count_wrapped_keys', text: 'SELECT * FROM linkbroker.count_wrapped_keys()' };
const ADD_DATA_KEY = { name: 'add_data_key', text: 'SELECT linkbroker.add_data_key($1, $2, $3, $4)' };

interface MacKeyRow {
  readonly id: number;
  readonly master_key_id: string;
  readonly wrapped: Buffer;
  readonly signs_from: Date;
}

interface FingerprintKeyRow {
  readonly master_key_id: string;
  readonly wrapped: Buffer;
}

interface DataKeyRow {
  readonly id: string;
  readonly master_key_id: string;
  readonly wrapped: Buffer;
}

interface CountRow {
  readonly kind: WrappedKeyCount['kind'];
  readonly master_key_id: string;
  readonly keys: string;
}
