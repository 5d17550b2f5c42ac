import type { Deadline } from '@linkbroker/contracts';
import { aadOfMacKey, type MacKeyRows } from './mac-key-ring.js';
import type { MasterKeys } from './master-keys.js';
import { unwrapKey } from './vault.js';

/** How many keys of a kind a master key wraps. */
export interface WrappedKeyCount {
  readonly kind: 'mac' | 'fingerprint' | 'data';
  readonly masterKeyId: string;
  readonly count: number;
}

export interface WrappedKeyRows extends Pick<MacKeyRows, 'macKeys'> {
  countWrappedKeys(deadline: Deadline): Promise<readonly WrappedKeyCount[]>;
}

const KINDS = { mac: 'MAC key', fingerprint: 'fingerprint key', data: 'data key' } as const;

/** A master key that stored keys are wrapped by and that this process was not given. */
export class MasterKeyMissing extends Error {
  constructor(masterKeyId: string, counts: readonly WrappedKeyCount[]) {
    const keys = counts.map(({ kind, count }) => `${String(count)} ${KINDS[kind]}${count === 1 ? '' : 's'}`).join(', ');
    super(`MASTER_KEYS lacks the key "${masterKeyId}", which still wraps ${keys}; put it back, and see docs/keys.md`);
    this.name = 'MasterKeyMissing';
  }
}

/**
 * The canary of a start: every master key that anything stored is wrapped by is here, and opens the MAC keys.
 * @throws MasterKeyMissing naming the key and how much needs it
 * @throws DecryptionFailed when a key of that name is another one
 */
export async function checkMasterKeys(masterKeys: MasterKeys, rows: WrappedKeyRows, deadline: Deadline): Promise<void> {
  const counts = await rows.countWrappedKeys(deadline);
  const missing = counts.find(({ masterKeyId }) => !masterKeys.ids.includes(masterKeyId))?.masterKeyId;
  if (missing !== undefined) {
    throw new MasterKeyMissing(
      missing,
      counts.filter(({ masterKeyId }) => masterKeyId === missing),
    );
  }
  for (const { id, masterKeyId, wrapped } of await rows.macKeys(deadline)) {
    unwrapKey(masterKeys, masterKeyId, wrapped, aadOfMacKey(id));
  }
}
