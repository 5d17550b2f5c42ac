import type { TenantId } from '@linkbroker/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { KeyRotationStore, KeysStore, SealedValuesStore } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import { INSTALLATION_SEALED_COLUMNS } from './sealed-columns.js';

let scratch: ScratchDatabase;
let keys: KeysStore;
let rotation: KeyRotationStore;
let sealedValues: SealedValuesStore;
let own: TenantFixture;
let other: TenantFixture;
const deadline = () => performance.now() + 10_000;
const NIL = '00000000-0000-0000-0000-000000000000';
const SETS = 'upstream_token_sets.sealed';
const NOW = new Date('2026-11-22T12:00:00Z');
const wrapping = (text: string) => ({ masterKeyId: 'k2', wrapped: Buffer.from('new'), replaces: Buffer.from(text) });

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { database, dataSource } = await scratch.open('admin');
  keys = new KeysStore(database);
  rotation = new KeyRotationStore(dataSource);
  sealedValues = new SealedValuesStore(dataSource);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  await scratch.sql('TRUNCATE linkbroker.mac_keys, linkbroker.data_keys, linkbroker.fingerprint_keys');
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});

const sealedWith = (keyId: string): Buffer =>
  Buffer.concat([Buffer.from([1]), Buffer.from(keyId.replaceAll('-', ''), 'hex'), randomBytes(40)]);

async function dataKey(tenantId: TenantId, wrapped = 'old'): Promise<string> {
  const id = randomUUID();
  await keys.addDataKey(tenantId, { id, masterKeyId: 'k1', wrapped: Buffer.from(wrapped) }, deadline());
  return id;
}

const putSealed = (set: string, sealed: Buffer) =>
  scratch.sql('UPDATE linkbroker.upstream_token_sets SET sealed = $2 WHERE id = $1', [set, sealed]);
const setRow = async (id: string) =>
  (
    await scratch.sql<{ sealed: Buffer; version: number; fence: number; lease_until: Date | null; updated_at: Date }>(
      'SELECT sealed, version, fence, lease_until, updated_at FROM linkbroker.upstream_token_sets WHERE id = $1',
      [id],
    )
  )[0]!;

describe('wrappings', () => {
  test('change only where they are what they were', async () => {
    const id = await dataKey(own.tenantId);
    await rotation.addMacKey({ id: 1, masterKeyId: 'k1', wrapped: Buffer.from('old'), signsFrom: NOW });
    await keys.addFingerprintKey({ masterKeyId: 'k1', wrapped: Buffer.from('old') }, deadline());
    const attempts = (text: string) =>
      Promise.all([
        rotation.rewrapMacKey(1, wrapping(text)),
        rotation.rewrapFingerprintKey(wrapping(text)),
        rotation.rewrapDataKey(own.tenantId, id, wrapping(text)),
      ]);
    expect(await attempts('stale')).toEqual([false, false, false]);
    expect(await rotation.rewrapDataKey(other.tenantId, id, wrapping('old'))).toBe(false);
    expect(await attempts('old')).toEqual([true, true, true]);
    expect(await keys.dataKeys(own.tenantId, deadline())).toEqual([
      { id, masterKeyId: 'k2', wrapped: Buffer.from('new') },
    ]);
    expect((await keys.countWrappedKeys(deadline())).map(({ masterKeyId, count }) => [masterKeyId, count])).toEqual(
      Array(3).fill(['k2', 1]),
    );
  });

  test('are counted for every application, without their tenants', async () => {
    await dataKey(own.tenantId);
    await dataKey(other.tenantId);
    for (const role of ['broker', 'worker'] as const) {
      const counts = await new KeysStore((await scratch.open(role)).database).countWrappedKeys(deadline());
      expect(counts).toEqual([{ kind: 'data', masterKeyId: 'k1', count: 2 }]);
    }
  });
});

describe('a data key', () => {
  test('is replaced once, by the first of two', async () => {
    const id = await dataKey(own.tenantId);
    const next = () => ({ id: randomUUID(), masterKeyId: 'k1', wrapped: Buffer.from('next') });
    const runs = [next(), next()].map((key) => rotation.replaceDataKey(own.tenantId, id, key, NOW));
    expect((await Promise.all(runs)).sort()).toEqual([false, true]);
    expect(await rotation.replaceDataKey(other.tenantId, id, next(), NOW)).toBe(false);
    const found = await keys.dataKeys(own.tenantId, deadline());
    expect(found.map(({ wrapped }) => wrapped.toString())).toEqual(['next', 'old']);
    const listed = (await rotation.listDataKeys()).filter(({ tenantId }) => tenantId === own.tenantId);
    expect(listed.map(({ tenantSlug, retiredAt }) => [tenantSlug, retiredAt])).toEqual([
      [own.tenantSlug, null],
      [own.tenantSlug, NOW],
    ]);
  });

  test('is removed only when it is retired, old enough, and nothing is sealed with it', async () => {
    const id = await dataKey(own.tenantId);
    const remove = (before = NOW) => sealedValues.removeDataKey(own.tenantId, id, before);
    expect(await remove()).toBe(false);
    await rotation.replaceDataKey(own.tenantId, id, { ...wrapping(''), id: randomUUID() }, NOW);
    expect(await remove(new Date(NOW.getTime() - 1))).toBe(false);
    await putSealed(own.tokenSetId, sealedWith(id));
    expect(await remove()).toBe(false);
    await putSealed(own.tokenSetId, Buffer.alloc(0));
    await scratch.sql('UPDATE linkbroker.connectors SET client_secret = $2, removed_at = now() WHERE id = $1', [
      own.connectorId,
      sealedWith(id),
    ]);
    expect(await remove()).toBe(false);
    await scratch.sql(`UPDATE linkbroker.connectors SET client_secret = '' WHERE id = $1`, [own.connectorId]);
    expect(await sealedValues.removeDataKey(other.tenantId, id, NOW)).toBe(false);
    expect(await remove()).toBe(true);
  });
});

describe('sealed values', () => {
  /** A value under a retired key. */
  async function outdated() {
    const id = await dataKey(own.tenantId);
    const next = randomUUID();
    await rotation.replaceDataKey(own.tenantId, id, { ...wrapping(''), id: next }, NOW);
    const sealed = sealedWith(id);
    await putSealed(own.tokenSetId, sealed);
    const value = { row: own.tokenSetId, version: 1, sealed, resealed: sealedWith(next) };
    return { id, next, value };
  }
  const find = (tenantId = own.tenantId, after = NIL) => sealedValues.findToReseal(tenantId, SETS, after, 10);

  test('are found by what is left, in their own tenant', async () => {
    const { id, value, next } = await outdated();
    expect(await find()).toEqual([{ row: own.tokenSetId, version: 1, sealed: value.sealed }]);
    expect(await find(own.tenantId, own.tokenSetId)).toEqual([]);
    expect(await find(other.tenantId)).toEqual([]);
    expect(await sealedValues.countSealed(own.tenantId)).toEqual(new Map([[id, 1]]));
    expect(await sealedValues.reseal(own.tenantId, SETS, [value])).toBe(1);
    expect(await find()).toEqual([]);
    expect(await sealedValues.countSealed(own.tenantId)).toEqual(new Map([[next, 1]]));
    await expect(sealedValues.findToReseal(own.tenantId, 'grants.secret_hash', NIL, 1)).rejects.toThrow(RangeError);
  });

  test('change nothing else of their row, so that a refresh under way does not notice', async () => {
    const { value } = await outdated();
    await scratch.sql(
      `UPDATE linkbroker.upstream_token_sets SET fence = 7, lease_until = now() + interval '1 minute' WHERE id = $1`,
      [own.tokenSetId],
    );
    const before = await setRow(own.tokenSetId);
    expect(await sealedValues.reseal(own.tenantId, SETS, [value])).toBe(1);
    expect(await setRow(own.tokenSetId)).toEqual({ ...before, sealed: value.resealed });
  });

  test('are not written over when somebody else was first, or as another tenant', async () => {
    const { value } = await outdated();
    expect(await sealedValues.reseal(other.tenantId, SETS, [value])).toBe(0);
    const newer = sealedWith(randomUUID());
    await putSealed(own.tokenSetId, newer);
    expect(await sealedValues.reseal(own.tenantId, SETS, [value])).toBe(0);
    expect((await setRow(own.tokenSetId)).sealed).toEqual(newer);
  });

  test('wait for nobody: a row that is locked is passed over', async () => {
    const { value } = await outdated();
    const { dataSource } = await scratch.open('broker');
    await dataSource.transaction(async (manager) => {
      await manager.query(`SELECT set_config('linkbroker.tenant_id', $1, true)`, [own.tenantId]);
      await manager.query('UPDATE linkbroker.upstream_token_sets SET fence = fence + 1 WHERE id = $1', [
        own.tokenSetId,
      ]);
      expect(await sealedValues.reseal(own.tenantId, SETS, [value])).toBe(0);
    });
    expect(await sealedValues.reseal(own.tenantId, SETS, [value])).toBe(1);
  });

  test('stand in no column that a rotation does not know', async () => {
    const columns = await scratch.sql<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'linkbroker' AND udt_name IN ('bytea', '_bytea') ORDER BY 1`,
    );
    const hashes = /\.(\w+_hash|domain|fingerprint)$/;
    const wrapped = /_keys\.wrapped$/;
    const byToken = /\.\w+_by_token$/;
    const known = [hashes, wrapped, byToken];
    const rest = columns.map(({ name }) => name).filter((name) => !known.some((pattern) => pattern.test(name)));
    expect(rest).toEqual([...sealedValues.fields, ...INSTALLATION_SEALED_COLUMNS].sort());
  });
});

describe('a MAC key', () => {
  const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
  const add = (id: number, signsFrom: Date) =>
    rotation.addMacKey({ id, masterKeyId: 'k1', wrapped: Buffer.from('w'), signsFrom });
  const grant = (macKeyId: number, redeemedAt: Date) =>
    scratch.sql(
      `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes, mac_key_id)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, $4, $4, $5, 'r', '{}', $6)`,
      [own.tenantId, own.skillId, own.linkId, redeemedAt, randomBytes(32), macKeyId],
    );
  beforeEach(async () => {
    await scratch.sql('TRUNCATE linkbroker.grants CASCADE');
    await add(1, hours(-48));
    await add(2, hours(0));
  });

  test('has a number of its own', async () => {
    expect(await add(2, hours(9))).toBe(false);
    expect((await keys.macKeys(deadline())).map(({ signsFrom }) => signsFrom)).toEqual([hours(-48), hours(0)]);
  });

  test('is not removed while it signs, is going to, or has only just stopped', async () => {
    expect(await rotation.removeMacKey(2, hours(9))).toBe('signs');
    expect(await rotation.removeMacKey(1, hours(0.9))).toBe('signs');
    expect(await rotation.removeMacKey(1, hours(-1))).toBe('signs');
    expect(await rotation.removeMacKey(1, hours(1))).toBe('removed');
    expect((await keys.macKeys(deadline())).map(({ id }) => id)).toEqual([2]);
  });

  test('is not removed while a live household may hold a token of it, however long ago and whatever its newest is', async () => {
    await grant(1, hours(-24));
    // Its newest token is of key 2, but Alexa may never have got it.
    await grant(2, hours(-24));
    await grant(2, hours(2));
    expect(await rotation.macKeyUse()).toEqual([
      { id: 1, stopsSigningAt: hours(0), newest: 1, held: 2 },
      { id: 2, stopsSigningAt: null, newest: 2, held: 3 },
    ]);
    expect(await rotation.removeMacKey(1, hours(365 * 24))).toBe(2);
    await scratch.sql('UPDATE linkbroker.grants SET revoked_at = now() WHERE mac_key_id = 1');
    expect(await rotation.removeMacKey(1, hours(365 * 24))).toBe(1);
    await scratch.sql('UPDATE linkbroker.grants SET revoked_at = now() WHERE code_consumed_at < $1', [hours(0)]);
    expect(await rotation.removeMacKey(1, hours(365 * 24))).toBe('removed');
  });

  test('is removed and counted by the admin role alone', async () => {
    for (const role of ['broker', 'worker'] as const) {
      const elsewhere = new KeyRotationStore((await scratch.open(role)).dataSource);
      await expect(elsewhere.removeMacKey(1, hours(9))).rejects.toThrow(/permission denied/);
      await expect(elsewhere.macKeyUse()).rejects.toThrow(/permission denied/);
      await expect(elsewhere.listDataKeys()).rejects.toThrow(/permission denied/);
      await expect(elsewhere.rewrapMacKey(1, wrapping('w'))).rejects.toThrow(/permission denied/);
    }
  });
});
