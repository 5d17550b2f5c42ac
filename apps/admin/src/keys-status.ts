import type { KeyRotationStore, KeysStore, ListedDataKey, SealedValuesStore } from '@linkbroker/persistence';
import type { MasterKeys } from '@linkbroker/vault';

export interface KeysStatusNeeds {
  readonly masterKeys: MasterKeys;
  readonly keys: Pick<KeysStore, 'countWrappedKeys' | 'macKeys'>;
  readonly rotation: Pick<KeyRotationStore, 'listDataKeys' | 'macKeyUse'>;
  readonly sealedValues: Pick<SealedValuesStore, 'countSealed'>;
  readonly now: () => Date;
}

const STATEMENT_MS = 10_000;
const KINDS = { data: 'data key', mac: 'MAC key', fingerprint: 'fingerprint key' } as const;

/** What each key is needed for, as lines. It counts, so on a large database it takes a while; it locks nothing. */
export async function describeKeys(needs: KeysStatusNeeds): Promise<readonly string[]> {
  return [
    'master keys',
    ...(await masterKeyLines(needs)),
    'MAC keys',
    ...(await macKeyLines(needs)),
    'data keys',
    ...(await dataKeyLines(needs)),
  ];
}

async function masterKeyLines({ masterKeys, keys }: KeysStatusNeeds): Promise<string[]> {
  const counts = await keys.countWrappedKeys(performance.now() + STATEMENT_MS);
  return masterKeys.ids.map((id) => {
    const wraps = counts.filter(({ masterKeyId }) => masterKeyId === id);
    const use = wraps.map(({ kind, count }) => `${String(count)} ${KINDS[kind]}${count === 1 ? '' : 's'}`).join(', ');
    if (id === masterKeys.active) return `  ${id}: active; wraps ${use || 'nothing yet'}`;
    return `  ${id}: ${use === '' ? 'wraps nothing, can be taken out of MASTER_KEYS' : `still wraps ${use}`}`;
  });
}

async function macKeyLines({ keys, rotation, now }: KeysStatusNeeds): Promise<string[]> {
  const signing = await keys.macKeys(performance.now() + STATEMENT_MS);
  const uses = await rotation.macKeyUse();
  return uses.map(({ id, stopsSigningAt, newest, held }) => {
    const from = signing.find((key) => key.id === id)?.signsFrom;
    const state =
      from && from > now()
        ? `signs from ${from.toISOString()}`
        : stopsSigningAt && stopsSigningAt <= now()
          ? `verifies; ${held === 0 ? 'no live household can hold a token of it' : `${String(held)} live grants may hold its tokens`}`
          : 'signs';
    return `  ${String(id)}: ${state}; newest token of ${String(newest)} live grants`;
  });
}

async function dataKeyLines({ rotation, sealedValues }: KeysStatusNeeds): Promise<string[]> {
  const lines: string[] = [];
  let counted: { readonly tenantId: string; readonly sealed: ReadonlyMap<string, number> } | undefined;
  for (const key of await rotation.listDataKeys()) {
    if (counted?.tenantId !== key.tenantId) {
      counted = { tenantId: key.tenantId, sealed: await sealedValues.countSealed(key.tenantId) };
    }
    lines.push(
      `  ${key.tenantSlug} ${key.id}: ${stateOf(key)}; seals ${String(counted.sealed.get(key.id) ?? 0)} values`,
    );
  }
  return lines;
}

const stateOf = ({ retiredAt }: ListedDataKey): string => (retiredAt ? `retired ${retiredAt.toISOString()}` : 'active');
