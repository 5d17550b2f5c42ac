import type { Deadline, TenantId } from '@linkbroker/contracts';
import { randomBytes } from 'node:crypto';
import { FINGERPRINT_KEY_AAD, type FingerprintKeyRows } from './fingerprints.js';
import { aadOfMacKey, type MacKeyRows, type WrappedMacKeyRow } from './mac-key-ring.js';
import type { MasterKeys } from './master-keys.js';
import { aadOfDataKey, newDataKey, unwrapKey, wrapKey, type DataKeyRows, type WrappedKey } from './vault.js';

/** A key wrapped anew, with the wrapping it replaces. */
export interface Rewrapping {
  readonly masterKeyId: string;
  readonly wrapped: Buffer;
  readonly replaces: Buffer;
}

/** The rows behind a re-wrapping. Each write answers whether the row was still wrapped as it was. */
export interface RewrapRows extends Pick<MacKeyRows, 'macKeys'>, Pick<FingerprintKeyRows, 'fingerprintKey'> {
  dataKeys: DataKeyRows['dataKeys'];
  listDataKeys(): Promise<readonly { readonly tenantId: TenantId; readonly masterKeyId: string }[]>;
  rewrapMacKey(id: number, rewrapping: Rewrapping): Promise<boolean>;
  rewrapFingerprintKey(rewrapping: Rewrapping): Promise<boolean>;
  rewrapDataKey(tenantId: TenantId, id: string, rewrapping: Rewrapping): Promise<boolean>;
}

/** An operation on keys that would lose something, or that has nothing to work on. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
}

/** How long a new MAC key is known before anything is signed with it; replicas load their keys every minute. */
const SIGNS_AFTER_MS = 5 * 60_000;
const LAST_MAC_KEY_ID = 255;
const STATEMENT_MS = 10_000;

const soon = (): Deadline => performance.now() + STATEMENT_MS;

/**
 * Wraps by the active master key whatever another one wraps: MAC keys, the fingerprint key, the data keys of every
 * tenant. The keys stay what they are, so processes that have opened them notice nothing. A run that was cut short is
 * taken up by the next one; what somebody else has wrapped meanwhile is left as it is.
 * @param told is given the number of keys wrapped so far, now and then
 * @returns how many keys were wrapped anew
 * @throws DecryptionFailed when a key cannot be opened
 */
export async function rewrapKeys(
  masterKeys: MasterKeys,
  rows: RewrapRows,
  told: (rewrapped: number) => void,
): Promise<number> {
  let rewrapped = 0;
  for (const key of (await rows.macKeys(soon())).filter(isOutdated(masterKeys))) {
    rewrapped += Number(await rows.rewrapMacKey(key.id, rewrap(masterKeys, key, aadOfMacKey(key.id))));
  }
  const fingerprint = await rows.fingerprintKey(soon());
  if (fingerprint && isOutdated(masterKeys)(fingerprint)) {
    const rewrapping = rewrap(masterKeys, fingerprint, FINGERPRINT_KEY_AAD);
    rewrapped += Number(await rows.rewrapFingerprintKey(rewrapping));
  }
  const outdated = (await rows.listDataKeys()).filter(isOutdated(masterKeys));
  for (const tenantId of new Set(outdated.map((key) => key.tenantId))) {
    for (const key of (await rows.dataKeys(tenantId, soon())).filter(isOutdated(masterKeys))) {
      const rewrapping = rewrap(masterKeys, key, aadOfDataKey(tenantId, key.id));
      rewrapped += Number(await rows.rewrapDataKey(tenantId, key.id, rewrapping));
    }
    told(rewrapped);
  }
  return rewrapped;
}

const isOutdated =
  ({ active }: MasterKeys) =>
  ({ masterKeyId }: { readonly masterKeyId: string }): boolean =>
    masterKeyId !== active;

function rewrap(
  masterKeys: MasterKeys,
  { masterKeyId, wrapped }: { readonly masterKeyId: string; readonly wrapped: Buffer },
  authenticated: string,
): Rewrapping {
  const key = unwrapKey(masterKeys, masterKeyId, wrapped, authenticated);
  return {
    masterKeyId: masterKeys.active,
    wrapped: wrapKey(masterKeys, masterKeys.active, key, authenticated),
    replaces: wrapped,
  };
}

export interface ReplaceDataKeyRows {
  dataKeys: DataKeyRows['dataKeys'];
  replaceDataKey(tenantId: TenantId, activeId: string, next: WrappedKey, now: Date): Promise<boolean>;
}

/**
 * Gives a tenant a new active data key; the one before is kept for opening. Running processes seal with it within a minute.
 * @returns its id
 * @throws RotationRefused when the tenant has no key yet, or another run was first
 */
export async function replaceDataKey(
  masterKeys: MasterKeys,
  rows: ReplaceDataKeyRows,
  tenantId: TenantId,
  now: Date,
): Promise<string> {
  const [active] = await rows.dataKeys(tenantId, soon());
  if (!active) throw new RotationRefused('this tenant has no data key yet: it is made at its first use');
  const next = newDataKey(masterKeys, tenantId);
  if (await rows.replaceDataKey(tenantId, active.id, next, now)) return next.id;
  throw new RotationRefused('another run has just replaced the data key of this tenant');
}

export interface AddMacKeyRows extends Pick<MacKeyRows, 'macKeys'> {
  addMacKey(key: WrappedMacKeyRow): Promise<boolean>;
}

/**
 * Adds a MAC key that signs in five minutes, when every replica has it; the others go on verifying.
 * @throws RotationRefused when there is no first key yet, one that does not sign yet, or no number left
 * @see ADR 0001
 */
export async function addMacKey(masterKeys: MasterKeys, rows: AddMacKeyRows, now: Date): Promise<WrappedMacKeyRow> {
  const keys = await rows.macKeys(soon());
  if (keys.length === 0) throw new RotationRefused('there is no MAC key yet: the broker makes the first one');
  const waiting = keys.find(({ signsFrom }) => signsFrom > now);
  if (waiting) {
    throw new RotationRefused(
      `MAC key ${String(waiting.id)} signs from ${waiting.signsFrom.toISOString()}; wait for it`,
    );
  }
  const id = Math.max(...keys.map((key) => key.id)) + 1;
  if (id > LAST_MAC_KEY_ID) throw new RotationRefused('all 255 numbers of MAC keys have been used');
  const masterKeyId = masterKeys.active;
  const wrapped = wrapKey(masterKeys, masterKeyId, randomBytes(32), aadOfMacKey(id));
  const key = { id, masterKeyId, wrapped, signsFrom: new Date(now.getTime() + SIGNS_AFTER_MS) };
  if (await rows.addMacKey(key)) return key;
  throw new RotationRefused('another run has just added a MAC key');
}
