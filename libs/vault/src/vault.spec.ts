import { asTenantId, type TenantId } from '@linkbroker/contracts';
import fc from 'fast-check';
import { DecryptionFailed } from './decryption-failed.js';
import { parseMasterKeys } from './master-keys.js';
import { Vault, type DataKeyRows, type Place, type WrappedKey } from './vault.js';

const masterKey = (id: string, octet: number): string => `${id}:${Buffer.alloc(32, octet).toString('base64')}`;
const MASTER = parseMasterKeys(masterKey('k1', 1));
const DEADLINE = 1_000_000;
const ACME = asTenantId('0195e7a0-0000-7000-8000-00000000000a');
const OTHER = asTenantId('0195e7a0-0000-7000-8000-00000000000b');
const PLACE: Place = {
  tenantId: ACME,
  row: '0195e7a0-0000-7000-8000-000000000001',
  field: 'tokens.refresh',
  version: 3,
};
const SECRET = Buffer.from('upstream-refresh-token');

/** Data keys as the database keeps them: the first one of a tenant stays, newer ones come before older ones. */
class MemoryRows implements DataKeyRows {
  readonly rows = new Map<TenantId, WrappedKey[]>();
  reads = 0;
  failures = 0;

  dataKeys(tenantId: TenantId): Promise<WrappedKey[]> {
    this.reads += 1;
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('database is away'));
    }
    return Promise.resolve([...(this.rows.get(tenantId) ?? [])]);
  }

  addDataKey(tenantId: TenantId, key: WrappedKey): Promise<void> {
    if (!this.rows.has(tenantId)) this.rows.set(tenantId, [key]);
    return Promise.resolve();
  }
}

const vaultOn = (rows: MemoryRows, masterKeys = MASTER): Vault => new Vault(masterKeys, rows);

describe('a sealed value', () => {
  it('opens where it was sealed, in this process and in another one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (octets) => {
        const rows = new MemoryRows();
        const sealed = await vaultOn(rows).seal(PLACE, Buffer.from(octets), DEADLINE);
        expect(await vaultOn(rows).open(PLACE, sealed, DEADLINE)).toEqual(Buffer.from(octets));
      }),
    );
  });

  it('shows nothing of what is in it, and never looks the same twice', async () => {
    const vault = vaultOn(new MemoryRows());
    const [first, second] = [await vault.seal(PLACE, SECRET, DEADLINE), await vault.seal(PLACE, SECRET, DEADLINE)];
    expect(first.includes(SECRET)).toBe(false);
    expect(first.equals(second)).toBe(false);
  });

  it('names the key that opens it', async () => {
    const rows = new MemoryRows();
    const sealed = await vaultOn(rows).seal(PLACE, SECRET, DEADLINE);
    const [key] = rows.rows.get(ACME) ?? [];
    expect(sealed[0]).toBe(1);
    expect(sealed.subarray(1, 17).toString('hex')).toBe(key?.id.replaceAll('-', ''));
  });

  it.each([
    ['another row', { row: '0195e7a0-0000-7000-8000-000000000002' }],
    ['another field', { field: 'tokens.access' }],
    ['another version', { version: 4 }],
    ['another tenant', { tenantId: OTHER }],
  ])('does not open in %s', async (_, change) => {
    const vault = vaultOn(new MemoryRows());
    await vault.seal({ ...PLACE, ...change }, SECRET, DEADLINE);
    const sealed = await vault.seal(PLACE, SECRET, DEADLINE);
    await expect(vault.open({ ...PLACE, ...change }, sealed, DEADLINE)).rejects.toThrow(DecryptionFailed);
  });

  it('does not open with any one octet changed, cut off or added', async () => {
    const vault = vaultOn(new MemoryRows());
    const sealed = await vault.seal(PLACE, SECRET, DEADLINE);
    const change = fc.oneof(
      fc.tuple(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ by;
        return changed;
      }),
      fc.nat(sealed.length - 1).map((length) => sealed.subarray(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 20 }).map((more) => Buffer.concat([sealed, more])),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        await expect(vault.open(PLACE, changed, DEADLINE)).rejects.toThrow(DecryptionFailed);
      }),
      { numRuns: 500 },
    );
    expect(await vault.open(PLACE, sealed, DEADLINE)).toEqual(SECRET);
  });

  it('that does not open is named by its place, not by its content', async () => {
    const vault = vaultOn(new MemoryRows());
    const sealed = await vault.seal(PLACE, SECRET, DEADLINE);
    const attempt = vault.open({ ...PLACE, version: 9 }, sealed, DEADLINE);
    await expect(attempt).rejects.toThrow(`cannot open the sealed value at ${ACME}|${PLACE.row}|${PLACE.field}|9`);
    await expect(attempt).rejects.not.toThrow(/upstream-refresh-token/);
  });
});

describe('data keys', () => {
  it('are one per tenant, wrapped, and read once', async () => {
    const rows = new MemoryRows();
    const vault = vaultOn(rows);
    await Promise.all(Array.from({ length: 20 }, () => vault.seal(PLACE, SECRET, DEADLINE)));
    expect(rows.rows.get(ACME)).toMatchObject([{ masterKeyId: 'k1' }]);
    expect(rows.reads).toBe(2);
    await vault.seal({ ...PLACE, tenantId: OTHER }, SECRET, DEADLINE);
    expect(rows.rows.get(OTHER)?.[0]?.wrapped.equals(rows.rows.get(ACME)![0]!.wrapped)).toBe(false);
  });

  it('belong to their tenant: copied to another one they do not open', async () => {
    const rows = new MemoryRows();
    await vaultOn(rows).seal(PLACE, SECRET, DEADLINE);
    rows.rows.set(OTHER, rows.rows.get(ACME) ?? []);
    const attempt = vaultOn(rows).seal({ ...PLACE, tenantId: OTHER }, SECRET, DEADLINE);
    await expect(attempt).rejects.toThrow(DecryptionFailed);
  });

  it('are agreed on by two processes that need the first one at once', async () => {
    const rows = new MemoryRows();
    const [a, b] = [vaultOn(rows), vaultOn(rows)];
    const sealed = await Promise.all([a.seal(PLACE, SECRET, DEADLINE), b.seal(PLACE, SECRET, DEADLINE)]);
    for (const value of sealed) {
      expect(await a.open(PLACE, value, DEADLINE)).toEqual(SECRET);
      expect(await b.open(PLACE, value, DEADLINE)).toEqual(SECRET);
    }
  });

  it('that another process added are looked for once more, and old values still open', async () => {
    const [rows, elsewhere] = [new MemoryRows(), new MemoryRows()];
    const vault = vaultOn(rows);
    const old = await vault.seal(PLACE, SECRET, DEADLINE);
    const fresh = await vaultOn(elsewhere).seal(PLACE, SECRET, DEADLINE);
    await expect(vault.open(PLACE, fresh, DEADLINE)).rejects.toThrow(DecryptionFailed);
    rows.rows.set(ACME, [...(elsewhere.rows.get(ACME) ?? []), ...(rows.rows.get(ACME) ?? [])]);
    expect(await vault.open(PLACE, fresh, DEADLINE)).toEqual(SECRET);
    expect(await vault.open(PLACE, old, DEADLINE)).toEqual(SECRET);
    expect((await vault.seal(PLACE, SECRET, DEADLINE)).subarray(0, 17)).toEqual(fresh.subarray(0, 17));
  });

  it('are asked for again after the database was away, which is not a decryption failure', async () => {
    const rows = new MemoryRows();
    const vault = vaultOn(rows);
    rows.failures = 1;
    await expect(vault.seal(PLACE, SECRET, DEADLINE)).rejects.toThrow('database is away');
    expect(await vault.open(PLACE, await vault.seal(PLACE, SECRET, DEADLINE), DEADLINE)).toEqual(SECRET);
  });
});

describe('a new active key', () => {
  const NOON = Date.parse('2026-11-22T12:00:00Z');
  const keyIdOf = (sealed: Buffer): string => sealed.subarray(1, 17).toString('hex');

  /** A vault that knows the tenant's first key, and rows in which another one has become active. */
  async function rotated() {
    const [rows, elsewhere] = [new MemoryRows(), new MemoryRows()];
    let now = NOON;
    const vault = new Vault(MASTER, rows, () => new Date(now));
    const old = await vault.seal(PLACE, SECRET, DEADLINE);
    const fresh = await vaultOn(elsewhere).seal(PLACE, SECRET, DEADLINE);
    rows.rows.set(ACME, [...elsewhere.rows.get(ACME)!, ...rows.rows.get(ACME)!]);
    const [oldKey, newKey] = [keyIdOf(old), keyIdOf(fresh)];
    return { rows, vault, old, fresh, oldKey, newKey, later: (ms: number) => (now += ms) };
  }
  const sealedWith = async (vault: Vault): Promise<string> => keyIdOf(await vault.seal(PLACE, SECRET, DEADLINE));

  it.each([
    ['within a minute', 60_001],
    ['after the clock was put back', -1],
  ])('seals %s', async (_, ms) => {
    const { vault, old, oldKey, newKey, later } = await rotated();
    expect(await sealedWith(vault)).toBe(oldKey);
    later(ms);
    expect(await sealedWith(vault)).toBe(newKey);
    expect(await vault.open(PLACE, old, DEADLINE)).toEqual(SECRET);
  });

  it('is looked for while something is opened, for what will be sealed after it', async () => {
    const { rows, vault, old, newKey, later } = await rotated();
    later(60_001);
    await vault.open(PLACE, old, DEADLINE);
    await vault.seal({ ...PLACE, tenantId: OTHER }, SECRET, DEADLINE);
    rows.failures = Infinity;
    expect(await sealedWith(vault)).toBe(newKey);
  });

  it('cannot be known while the database is away; the last one known seals then, and opens', async () => {
    const { rows, vault, old, oldKey, newKey, later } = await rotated();
    later(86_400_000);
    rows.failures = 3;
    expect(await sealedWith(vault)).toBe(oldKey);
    expect(await vault.open(PLACE, old, DEADLINE)).toEqual(SECRET);
    rows.failures = 0;
    expect(await sealedWith(vault)).toBe(newKey);
  });

  it('is found for a value although a reading is under way that began before it', async () => {
    const { rows, vault, old, fresh, later } = await rotated();
    const before = rows.rows.get(ACME)!.slice(1);
    let answer = (): void => undefined;
    const slow = new Promise<WrappedKey[]>((resolve) => {
      answer = () => {
        resolve(before);
      };
    });
    const slowOnce = Object.assign(rows, { dataKeys: () => slow });
    later(60_001);
    await vault.open(PLACE, old, DEADLINE);
    slowOnce.dataKeys = () => MemoryRows.prototype.dataKeys.call(rows, ACME);
    const opening = vault.open(PLACE, fresh, DEADLINE);
    answer();
    expect(await opening).toEqual(SECRET);
  });

  it('is read once for all who ask meanwhile', async () => {
    const { rows, vault, later } = await rotated();
    later(60_001);
    const before = rows.reads;
    await Promise.all(Array.from({ length: 50 }, () => vault.seal(PLACE, SECRET, DEADLINE)));
    expect(rows.reads).toBe(before + 1);
  });
});

describe('master keys', () => {
  it('may be more than one, so that values sealed under an older one open', async () => {
    const rows = new MemoryRows();
    const sealed = await vaultOn(rows).seal(PLACE, SECRET, DEADLINE);
    const rotated = parseMasterKeys(`${masterKey('k2', 2)},${masterKey('k1', 1)}`);
    expect(await vaultOn(rows, rotated).open(PLACE, sealed, DEADLINE)).toEqual(SECRET);
  });

  it.each([
    ['missing', 'k2', 1, 'MASTER_KEYS lacks the key "k1"'],
    ['another one of the same name', 'k1', 2, ''],
  ])('that are %s open nothing', async (_, id, octet, cause) => {
    const rows = new MemoryRows();
    const sealed = await vaultOn(rows).seal(PLACE, SECRET, DEADLINE);
    const attempt = vaultOn(rows, parseMasterKeys(masterKey(id, octet))).open(PLACE, sealed, DEADLINE);
    await expect(attempt).rejects.toThrow(DecryptionFailed);
    if (cause !== '') await expect(attempt).rejects.toMatchObject({ cause: { message: cause } });
  });
});
