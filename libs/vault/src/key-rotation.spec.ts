import { asTenantId, type TenantId } from '@linkbroker/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  addMacKey,
  checkMasterKeys,
  DecryptionFailed,
  Fingerprints,
  MacKeyRing,
  MasterKeyMissing,
  parseMasterKeys,
  replaceDataKey,
  rewrapKeys,
  RotationRefused,
  Vault,
  type Place,
  type Rewrapping,
  type WrappedFingerprintKeyRow,
  type WrappedKey,
  type WrappedKeyCount,
  type WrappedMacKeyRow,
} from './index.js';

const [OLD, NEW] = ['k1', 'k2'].map((id) => `${id}:${randomBytes(32).toString('base64')}`) as [string, string];
const [onlyOld, oldFirst, newFirst, onlyNew] = [OLD, `${OLD},${NEW}`, `${NEW},${OLD}`, NEW].map(parseMasterKeys);
const NOON = new Date('2026-11-22T12:00:00Z');
const DEADLINE = performance.now() + 60_000;
const ACME = asTenantId(randomUUID());
const PLACE: Place = { tenantId: ACME, row: randomUUID(), field: 'upstream_token_sets.sealed', version: 1 };
const SECRET = Buffer.from('upstream-refresh-token');

/** All keys as the database keeps them. */
class MemoryKeys {
  mac: WrappedMacKeyRow[] = [];
  fingerprint: WrappedFingerprintKeyRow | undefined;
  readonly data = new Map<TenantId, WrappedKey[]>();

  macKeys = (): Promise<WrappedMacKeyRow[]> => Promise.resolve([...this.mac]);
  addFirstMacKey = (key: WrappedMacKeyRow): Promise<void> => this.addMacKey(key).then(() => undefined);
  addMacKey = (key: WrappedMacKeyRow): Promise<boolean> => {
    if (this.mac.some(({ id }) => id === key.id)) return Promise.resolve(false);
    this.mac.push(key);
    return Promise.resolve(true);
  };

  fingerprintKey = (): Promise<WrappedFingerprintKeyRow | undefined> => Promise.resolve(this.fingerprint);
  addFingerprintKey = (key: WrappedFingerprintKeyRow): Promise<void> => {
    this.fingerprint ??= key;
    return Promise.resolve();
  };

  dataKeys = (tenantId: TenantId): Promise<WrappedKey[]> => Promise.resolve([...(this.data.get(tenantId) ?? [])]);
  addDataKey = (tenantId: TenantId, key: WrappedKey): Promise<void> => {
    if (!this.data.has(tenantId)) this.data.set(tenantId, [key]);
    return Promise.resolve();
  };
  replaceDataKey = (tenantId: TenantId, activeId: string, next: WrappedKey): Promise<boolean> => {
    const keys = this.data.get(tenantId) ?? [];
    if (keys[0]?.id !== activeId) return Promise.resolve(false);
    this.data.set(tenantId, [next, ...keys]);
    return Promise.resolve(true);
  };
  listDataKeys = () =>
    Promise.resolve([...this.data].flatMap(([tenantId, keys]) => keys.map((key) => ({ ...key, tenantId }))));

  rewrapMacKey = (id: number, rewrapping: Rewrapping): Promise<boolean> =>
    this.put(
      this.mac.findIndex((key) => key.id === id),
      this.mac,
      rewrapping,
    );
  rewrapFingerprintKey = (rewrapping: Rewrapping): Promise<boolean> => {
    if (!this.fingerprint?.wrapped.equals(rewrapping.replaces)) return Promise.resolve(false);
    this.fingerprint = rewrapping;
    return Promise.resolve(true);
  };
  rewrapDataKey = (tenantId: TenantId, id: string, rewrapping: Rewrapping): Promise<boolean> => {
    const keys = this.data.get(tenantId) ?? [];
    return this.put(
      keys.findIndex((key) => key.id === id),
      keys,
      rewrapping,
    );
  };

  countWrappedKeys = (): Promise<WrappedKeyCount[]> => {
    const rows = [
      ...this.mac.map(({ masterKeyId }) => ({ kind: 'mac' as const, masterKeyId, count: 1 })),
      ...(this.fingerprint
        ? [{ kind: 'fingerprint' as const, masterKeyId: this.fingerprint.masterKeyId, count: 1 }]
        : []),
      ...[...this.data.values()].flat().map(({ masterKeyId }) => ({ kind: 'data' as const, masterKeyId, count: 1 })),
    ];
    return Promise.resolve(rows);
  };

  private put(at: number, rows: { wrapped: Buffer }[], { replaces, ...wrapping }: Rewrapping): Promise<boolean> {
    const row = rows[at];
    if (!row?.wrapped.equals(replaces)) return Promise.resolve(false);
    rows[at] = { ...row, ...wrapping };
    return Promise.resolve(true);
  }
}

/** A broker's life under the old key: a ring, fingerprints, two tenants, and a value. */
async function used() {
  const rows = new MemoryKeys();
  const ring = new MacKeyRing(onlyOld!, rows);
  await ring.load(NOON, DEADLINE);
  const fingerprints = await Fingerprints.open(onlyOld!, rows, DEADLINE);
  const vault = new Vault(onlyOld!, rows);
  const sealed = await vault.seal(PLACE, SECRET, DEADLINE);
  await vault.seal({ ...PLACE, tenantId: asTenantId(randomUUID()) }, SECRET, DEADLINE);
  return { rows, ring, fingerprint: fingerprints.of('p', ['a']), sealed };
}

const none = (): undefined => undefined;

describe('re-wrapping', () => {
  it('leaves every key what it was, for the new master key alone', async () => {
    const { rows, ring, fingerprint, sealed } = await used();
    const told: number[] = [];
    expect(await rewrapKeys(newFirst!, rows, (count) => told.push(count))).toBe(4);
    expect(told).toEqual([3, 4]);
    await checkMasterKeys(onlyNew!, rows, DEADLINE);
    const again = new MacKeyRing(onlyNew!, rows);
    await again.load(NOON, DEADLINE);
    expect(again.lookup(1)).toEqual(ring.lookup(1));
    expect((await Fingerprints.open(onlyNew!, rows, DEADLINE)).of('p', ['a'])).toEqual(fingerprint);
    expect(await new Vault(onlyNew!, rows).open(PLACE, sealed, DEADLINE)).toEqual(SECRET);
  });

  it('leaves nothing that the old master key opens', async () => {
    const { rows, sealed } = await used();
    await rewrapKeys(newFirst!, rows, none);
    await expect(new MacKeyRing(onlyOld!, rows).load(NOON, DEADLINE)).rejects.toThrow(DecryptionFailed);
    await expect(Fingerprints.open(onlyOld!, rows, DEADLINE)).rejects.toThrow(DecryptionFailed);
    await expect(new Vault(onlyOld!, rows).open(PLACE, sealed, DEADLINE)).rejects.toThrow(DecryptionFailed);
  });

  it('goes on where it was cut short, and then finds nothing to do', async () => {
    const { rows } = await used();
    const cut = Object.assign(Object.create(rows) as MemoryKeys, {
      rewrapDataKey: () => Promise.reject(new Error('the database went away')),
    });
    await expect(rewrapKeys(newFirst!, cut, none)).rejects.toThrow('went away');
    expect(await rewrapKeys(newFirst!, rows, none)).toBe(2);
    expect(await rewrapKeys(newFirst!, rows, none)).toBe(0);
  });

  it('by two at once wraps each key once', async () => {
    const { rows, sealed } = await used();
    const counts = await Promise.all([rewrapKeys(newFirst!, rows, none), rewrapKeys(newFirst!, rows, none)]);
    expect(counts[0] + counts[1]).toBe(4);
    expect(await new Vault(onlyNew!, rows).open(PLACE, sealed, DEADLINE)).toEqual(SECRET);
  });

  it('goes nowhere without the key that wraps', async () => {
    const { rows } = await used();
    await expect(rewrapKeys(onlyNew!, rows, none)).rejects.toThrow(DecryptionFailed);
  });
});

describe('the canary', () => {
  it('names the master key that is missing, and what it wraps', async () => {
    const { rows } = await used();
    await checkMasterKeys(oldFirst!, rows, DEADLINE);
    const attempt = checkMasterKeys(onlyNew!, rows, DEADLINE);
    await expect(attempt).rejects.toThrow(MasterKeyMissing);
    await expect(attempt).rejects.toThrow('MASTER_KEYS lacks the key "k1", which still wraps 1 MAC key,');
  });

  it('knows another key of the same name', async () => {
    const { rows } = await used();
    const other = parseMasterKeys(`k1:${randomBytes(32).toString('base64')}`);
    await expect(checkMasterKeys(other, rows, DEADLINE)).rejects.toThrow(DecryptionFailed);
  });

  it('has nothing to say of a fresh database', async () => {
    await expect(checkMasterKeys(onlyNew!, new MemoryKeys(), DEADLINE)).resolves.toBeUndefined();
  });
});

describe('a new data key', () => {
  it('seals from now on; what is there still opens', async () => {
    const { rows, sealed } = await used();
    const id = await replaceDataKey(oldFirst!, rows, ACME, NOON);
    const vault = new Vault(onlyOld!, rows);
    expect((await vault.seal(PLACE, SECRET, DEADLINE)).subarray(1, 17).toString('hex')).toBe(id.replaceAll('-', ''));
    expect(await vault.open(PLACE, sealed, DEADLINE)).toEqual(SECRET);
  });

  it('is refused to the second of two runs, and to a tenant without one', async () => {
    const { rows } = await used();
    const runs = [1, 2].map(() => replaceDataKey(onlyOld!, rows, ACME, NOON));
    const settled = await Promise.allSettled(runs);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(rows.data.get(ACME)).toHaveLength(2);
    await expect(replaceDataKey(onlyOld!, rows, asTenantId(randomUUID()), NOON)).rejects.toThrow(RotationRefused);
  });
});

describe('a new MAC key', () => {
  it('signs after every replica has had time to load it', async () => {
    const { rows } = await used();
    const key = await addMacKey(onlyOld!, rows, NOON);
    const ring = new MacKeyRing(onlyOld!, rows);
    await ring.load(NOON, DEADLINE);
    expect(key.id).toBe(2);
    expect([0, 4.9, 5].map((minute) => ring.signingKeyId(new Date(NOON.getTime() + minute * 60_000)))).toEqual([
      1, 1, 2,
    ]);
  });

  it('is refused while one waits, without a first one, and after the last number', async () => {
    const { rows } = await used();
    await addMacKey(onlyOld!, rows, NOON);
    await expect(addMacKey(onlyOld!, rows, NOON)).rejects.toThrow('signs from 2026-11-22T12:05:00.000Z');
    await expect(addMacKey(onlyOld!, new MemoryKeys(), NOON)).rejects.toThrow(RotationRefused);
    rows.mac = [{ ...rows.mac[0]!, id: 255 }];
    await expect(addMacKey(onlyOld!, rows, NOON)).rejects.toThrow('255');
  });
});
