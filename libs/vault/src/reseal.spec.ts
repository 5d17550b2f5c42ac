import { asTenantId, type TenantId } from '@linkbroker/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { bytesToUuid } from '@linkbroker/protocol';
import {
  parseMasterKeys,
  replaceDataKey,
  resealValues,
  Vault,
  type ResealedValue,
  type SealedRows,
  type SealedValue,
  type WrappedKey,
} from './index.js';

const MASTER = parseMasterKeys(`k1:${randomBytes(32).toString('base64')}`);
const ACME = asTenantId(randomUUID());
const FIELDS = ['upstream_token_sets.sealed', 'connectors.client_secret'];
const DEADLINE = performance.now() + 60_000;

const keyOf = ({ sealed }: SealedValue): string => bytesToUuid(sealed.subarray(1, 17));

/** A tenant's keys and sealed values, as the database keeps them. */
class MemoryTenant implements SealedRows {
  readonly fields = FIELDS;
  keys: WrappedKey[] = [];
  readonly values = new Map<string, SealedValue[]>(FIELDS.map((field) => [field, []]));

  dataKeys = (): Promise<WrappedKey[]> => Promise.resolve([...this.keys]);
  addDataKey = (_: TenantId, key: WrappedKey): Promise<void> => {
    if (this.keys.length === 0) this.keys = [key];
    return Promise.resolve();
  };
  replaceDataKey = (_: TenantId, __: string, next: WrappedKey): Promise<boolean> => {
    this.keys = [next, ...this.keys];
    return Promise.resolve(true);
  };
  findToReseal = (_: TenantId, field: string, after: string, limit: number): Promise<SealedValue[]> =>
    Promise.resolve(
      this.values
        .get(field)!
        .filter((value) => value.row > after && keyOf(value) !== this.keys[0]!.id)
        .sort((a, b) => (a.row < b.row ? -1 : 1))
        .slice(0, limit),
    );
  reseal = (_: TenantId, field: string, resealed: readonly ResealedValue[]): Promise<number> => {
    const rows = this.values.get(field)!;
    let count = 0;
    for (const value of resealed) {
      const at = rows.findIndex((row) => row.row === value.row && row.sealed.equals(value.sealed));
      if (at < 0) continue;
      rows[at] = { row: value.row, version: value.version, sealed: value.resealed };
      count += 1;
    }
    return Promise.resolve(count);
  };
}

/** A tenant with this many values in each field, sealed with a key that has just been replaced. */
async function tenantWith(count: number) {
  const tenant = new MemoryTenant();
  const vault = new Vault(MASTER, tenant);
  for (const field of FIELDS) {
    for (let index = 0; index < count; index += 1) {
      const [row, version] = [randomUUID(), index];
      const sealed = await vault.seal({ tenantId: ACME, row, field, version }, Buffer.from(row), DEADLINE);
      tenant.values.get(field)!.push({ row, version, sealed });
    }
  }
  const retired = tenant.keys[0]!.id;
  await replaceDataKey(MASTER, tenant, ACME, new Date());
  return { tenant, retired, values: () => [...tenant.values.values()].flat() };
}

const none = (): undefined => undefined;

it('seals everything with the new key, in its place, in batches', async () => {
  const { tenant, retired, values } = await tenantWith(450);
  const told: number[] = [];
  const result = await resealValues(new Vault(MASTER, tenant), tenant, ACME, (count) => told.push(count));
  expect(result).toEqual({ resealed: 900, unreadable: [] });
  expect(told).toEqual([200, 400, 450, 650, 850, 900]);
  expect(values().filter((value) => keyOf(value) === retired)).toEqual([]);
  tenant.keys = tenant.keys.filter(({ id }) => id !== retired);
  const vault = new Vault(MASTER, tenant);
  for (const [field, rows] of tenant.values) {
    for (const { row, version, sealed } of rows) {
      const opened = await vault.open({ tenantId: ACME, row, field, version }, sealed, DEADLINE);
      expect(opened.toString()).toBe(row);
    }
  }
});

it('is taken up where it was cut short', async () => {
  const { tenant, retired, values } = await tenantWith(300);
  let batches = 0;
  const cut: SealedRows = {
    fields: tenant.fields,
    findToReseal: tenant.findToReseal,
    reseal: (...args) => (++batches > 1 ? Promise.reject(new Error('killed')) : tenant.reseal(...args)),
  };
  await expect(resealValues(new Vault(MASTER, tenant), cut, ACME, none)).rejects.toThrow('killed');
  expect(values().filter((value) => keyOf(value) === retired)).toHaveLength(400);
  expect((await resealValues(new Vault(MASTER, tenant), tenant, ACME, none)).resealed).toBe(400);
  expect((await resealValues(new Vault(MASTER, tenant), tenant, ACME, none)).resealed).toBe(0);
});

it('does not write over what somebody else has written meanwhile', async () => {
  const { tenant } = await tenantWith(1);
  const [sets] = [tenant.values.get(FIELDS[0]!)!];
  const newer = { ...sets[0]!, version: 1, sealed: Buffer.concat([sets[0]!.sealed, Buffer.from([0])]) };
  const raced: SealedRows = {
    fields: [FIELDS[0]!],
    findToReseal: async (...args) => {
      const found = await tenant.findToReseal(...args);
      if (found.length > 0) sets[0] = newer;
      return found;
    },
    reseal: tenant.reseal,
  };
  expect((await resealValues(new Vault(MASTER, tenant), raced, ACME, none)).resealed).toBe(0);
  expect(sets[0]).toBe(newer);
});

it('names what does not open, leaves it, and goes on', async () => {
  const { tenant, retired, values } = await tenantWith(3);
  const [sets] = [tenant.values.get(FIELDS[0]!)!];
  sets[1] = { ...sets[1]!, version: 77 };
  const { resealed, unreadable } = await resealValues(new Vault(MASTER, tenant), tenant, ACME, none);
  expect(resealed).toBe(5);
  expect(unreadable).toEqual([`cannot open the sealed value at ${ACME}|${sets[1].row}|${FIELDS[0]!}|77`]);
  expect(values().filter((value) => keyOf(value) === retired)).toEqual([sets[1]]);
});
