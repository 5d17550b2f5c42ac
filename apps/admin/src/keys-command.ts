import type { KeyRotationStore, KeysStore, SealedValuesStore } from '@linkbroker/persistence';
import {
  addMacKey,
  checkMasterKeys,
  replaceDataKey,
  resealValues,
  rewrapKeys,
  RotationRefused,
  Vault,
  type MasterKeys,
} from '@linkbroker/vault';
import { readKeysArguments, type KeysArguments } from './keys-arguments.js';
import { describeKeys } from './keys-status.js';

export interface KeysNeeds {
  readonly masterKeys: MasterKeys;
  readonly keys: KeysStore;
  readonly rotation: KeyRotationStore;
  readonly sealedValues: SealedValuesStore;
  readonly now: () => Date;
  readonly print: (line: string) => void;
}

/** Whether all that was asked for is done; false when something had to be kept or cannot be read. */
type Outcome = boolean;

/** How long a retired data key stays: answers that could not be stored at once wait under the key of their time. */
const RETIRED_MS = 7 * 24 * 60 * 60_000;
const STATEMENT_MS = 10_000;

const COMMANDS: Readonly<
  Record<KeysArguments['command'], (needs: KeysNeeds, args: KeysArguments) => Promise<Outcome>>
> = {
  status: async (needs) => {
    for (const line of await describeKeys(needs)) needs.print(line);
    return true;
  },
  rewrap,
  'new-data-key': newDataKeys,
  reseal,
  'remove-data-keys': removeDataKeys,
  'new-mac-key': newMacKey,
  'remove-mac-key': removeMacKey,
};

/**
 * Runs one command of key rotation.
 * @returns whether all of it is done
 * @throws RotationRefused, MasterKeyMissing, DecryptionFailed, and what the arguments are wrong with
 * @see ADR 0013
 */
export async function runKeys(needs: KeysNeeds, argv: readonly string[]): Promise<boolean> {
  const args = readKeysArguments(argv);
  await checkMasterKeys(needs.masterKeys, needs.keys, performance.now() + STATEMENT_MS);
  return COMMANDS[args.command](needs, args);
}

async function rewrap({ masterKeys, keys, rotation, print }: KeysNeeds): Promise<Outcome> {
  const rows = {
    macKeys: keys.macKeys.bind(keys),
    fingerprintKey: keys.fingerprintKey.bind(keys),
    dataKeys: keys.dataKeys.bind(keys),
    listDataKeys: rotation.listDataKeys.bind(rotation),
    rewrapMacKey: rotation.rewrapMacKey.bind(rotation),
    rewrapFingerprintKey: rotation.rewrapFingerprintKey.bind(rotation),
    rewrapDataKey: rotation.rewrapDataKey.bind(rotation),
  };
  const told = every(100, (count) => {
    print(`  ${String(count)} keys …`);
  });
  const rewrapped = await rewrapKeys(masterKeys, rows, told);
  const left = (await keys.countWrappedKeys(performance.now() + STATEMENT_MS))
    .filter(({ masterKeyId }) => masterKeyId !== masterKeys.active)
    .reduce((sum, { count }) => sum + count, 0);
  print(`${String(rewrapped)} keys are now wrapped by "${masterKeys.active}", ${String(left)} by another`);
  return left === 0;
}

async function newDataKeys(needs: KeysNeeds, args: KeysArguments): Promise<Outcome> {
  const { masterKeys, keys, rotation, now, print } = needs;
  const rows = {
    dataKeys: keys.dataKeys.bind(keys),
    replaceDataKey: rotation.replaceDataKey.bind(rotation),
  };
  for (const tenant of await tenantsOf(needs, args)) {
    print(`${tenant.tenantSlug}: data key ${await replaceDataKey(masterKeys, rows, tenant.tenantId, now())} is active`);
  }
  print('running processes seal with it within a minute; then run reseal');
  return true;
}

async function reseal(needs: KeysNeeds, args: KeysArguments): Promise<Outcome> {
  const { masterKeys, keys, sealedValues, print } = needs;
  const vault = new Vault(masterKeys, keys);
  let done = true;
  for (const { tenantId, tenantSlug, id } of await tenantsOf(needs, args)) {
    const told = every(1_000, (count) => {
      print(`  ${tenantSlug}: ${String(count)} values …`);
    });
    const { resealed, unreadable } = await resealValues(vault, sealedValues, tenantId, told);
    const left = [...(await sealedValues.countSealed(tenantId))].filter(([key]) => key !== id);
    const count = left.reduce((sum, [, values]) => sum + values, 0);
    print(`${tenantSlug}: ${String(resealed)} values sealed anew, ${String(count)} left`);
    for (const reason of unreadable.slice(0, 10)) print(`  ${reason}`);
    if (unreadable.length > 0) print(`  ${String(unreadable.length)} values cannot be opened and stay as they are`);
    done &&= count === 0;
  }
  return done;
}

async function removeDataKeys(needs: KeysNeeds, args: KeysArguments): Promise<Outcome> {
  const { rotation, sealedValues, now, print } = needs;
  const before = new Date(now().getTime() - RETIRED_MS);
  const tenants = await tenantsOf(needs, args);
  const listed = await rotation.listDataKeys();
  let done = true;
  for (const { tenantId, tenantSlug } of tenants) {
    const sealed = await sealedValues.countSealed(tenantId);
    for (const { id, retiredAt } of listed.filter((key) => key.tenantId === tenantId)) {
      if (!retiredAt) continue;
      const removed = await sealedValues.removeDataKey(tenantId, id, before);
      const count = sealed.get(id) ?? 0;
      const until = new Date(retiredAt.getTime() + RETIRED_MS).toISOString();
      const kept = count > 0 ? `kept, ${String(count)} values are sealed with it` : `kept until ${until}`;
      print(`${tenantSlug}: data key ${id} ${removed ? 'removed' : kept}`);
      done &&= removed;
    }
  }
  return done;
}

async function newMacKey({ masterKeys, keys, rotation, now, print }: KeysNeeds): Promise<Outcome> {
  const rows = { macKeys: keys.macKeys.bind(keys), addMacKey: rotation.addMacKey.bind(rotation) };
  const { id, signsFrom } = await addMacKey(masterKeys, rows, now());
  print(`MAC key ${String(id)} signs from ${signsFrom.toISOString()}`);
  return true;
}

async function removeMacKey({ keys, rotation, now, print }: KeysNeeds, args: KeysArguments): Promise<Outcome> {
  const id = Number(args.key);
  const known = await keys.macKeys(performance.now() + STATEMENT_MS);
  if (!known.some((key) => key.id === id)) throw new RotationRefused(`there is no MAC key ${args.key ?? ''}`);
  const kept = await rotation.removeMacKey(id, now());
  if (kept === 'signs') throw new RotationRefused(`MAC key ${String(id)} signs, is going to, or has only just stopped`);
  if (kept !== 'removed') {
    throw new RotationRefused(
      `MAC key ${String(id)} stays: households of ${String(kept)} live grants may hold its tokens`,
    );
  }
  print(`MAC key ${String(id)} removed`);
  return true;
}

/** The tenants that are meant, of those that have a data key. @throws RotationRefused when there is no such one */
async function tenantsOf({ rotation }: KeysNeeds, { tenant }: KeysArguments) {
  const listed = (await rotation.listDataKeys()).filter(({ retiredAt }) => retiredAt === null);
  if (tenant === undefined) return listed;
  const found = listed.filter(({ tenantSlug }) => tenantSlug === tenant);
  if (found.length === 0) throw new RotationRefused(`there is no tenant "${tenant}" with a data key`);
  return found;
}

/** Passes on a growing count each time another so many have been reached. */
function every(step: number, told: (count: number) => void): (count: number) => void {
  let next = step;
  return (count) => {
    if (count < next) return;
    next = count + step;
    told(count);
  };
}
