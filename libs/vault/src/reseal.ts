import type { TenantId } from '@linkbroker/contracts';
import { DecryptionFailed } from './decryption-failed.js';
import type { Vault } from './vault.js';

/** A sealed value, and what its place needs besides tenant and field. */
export interface SealedValue {
  readonly row: string;
  readonly version: number;
  readonly sealed: Buffer;
}

export interface ResealedValue extends SealedValue {
  readonly resealed: Buffer;
}

/** The rows behind a tenant's sealed values. */
export interface SealedRows {
  /** The fields that hold sealed values. */
  readonly fields: readonly string[];
  /** Values that another key than the active one seals, in the order of their rows, after the given row. */
  findToReseal(tenantId: TenantId, field: string, after: string, limit: number): Promise<readonly SealedValue[]>;
  /** Writes values whose rows still hold what they were made from; answers how many. */
  reseal(tenantId: TenantId, field: string, values: readonly ResealedValue[]): Promise<number>;
}

export interface Resealed {
  readonly resealed: number;
  /** Values that do not open, by their places: incidents. They are left as they are. */
  readonly unreadable: readonly string[];
}

const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const OPEN_MS = 10_000;

/**
 * Seals a tenant's values with its active data key, in batches, beside running processes. It goes by what is left: a run
 * that was cut short is taken up by the next one.
 * @param told is given the number of values sealed so far, after each batch
 */
export async function resealValues(
  vault: Vault,
  rows: SealedRows,
  tenantId: TenantId,
  told: (resealed: number) => void,
): Promise<Resealed> {
  let resealed = 0;
  const unreadable: string[] = [];
  for (const field of rows.fields) {
    for (let after = BEFORE_ALL; ;) {
      const batch = await rows.findToReseal(tenantId, field, after, BATCH);
      const last = batch.at(-1);
      if (!last) break;
      after = last.row;
      const values = await Promise.all(batch.map((value) => resealValue(vault, tenantId, field, value)));
      const readable = values.filter((value) => typeof value !== 'string');
      // What is being written by somebody else right now is passed over; the next run sees what it has become.
      resealed += await rows.reseal(tenantId, field, readable);
      unreadable.push(...values.filter((value) => typeof value === 'string'));
      told(resealed);
    }
  }
  return { resealed, unreadable };
}

/** The value under the active key, or why it does not open. */
async function resealValue(
  vault: Vault,
  tenantId: TenantId,
  field: string,
  value: SealedValue,
): Promise<ResealedValue | string> {
  const place = { tenantId, field, row: value.row, version: value.version };
  const deadline = performance.now() + OPEN_MS;
  try {
    const plain = await vault.open(place, value.sealed, deadline);
    return { ...value, resealed: await vault.seal(place, plain, deadline) };
  } catch (error) {
    if (error instanceof DecryptionFailed) return error.message;
    throw error;
  }
}
