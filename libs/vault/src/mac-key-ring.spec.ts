import { buildRefreshToken, readRefreshToken } from '@linkbroker/protocol';
import { DecryptionFailed } from './decryption-failed.js';
import { MacKeyRing, type MacKeyRows, type WrappedMacKeyRow } from './mac-key-ring.js';
import { parseMasterKeys } from './master-keys.js';
import { wrapKey } from './vault.js';

const MASTER = parseMasterKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const NOON = new Date('2026-11-22T12:00:00Z');
const DEADLINE = 1_000_000;
const SKILL = '0195e7a0-0000-7000-8000-000000000001';
const minutes = (count: number): Date => new Date(NOON.getTime() + count * 60_000);

/** MAC keys as the database keeps them: of several first keys, one wins. */
class MemoryRows implements MacKeyRows {
  rows: WrappedMacKeyRow[] = [];

  macKeys(): Promise<WrappedMacKeyRow[]> {
    return Promise.resolve([...this.rows]);
  }

  addFirstMacKey(key: WrappedMacKeyRow): Promise<void> {
    if (this.rows.length === 0) this.rows.push(key);
    return Promise.resolve();
  }

  /** Adds a key as a rotation would. */
  rotate(id: number, signsFrom: Date): void {
    const wrapped = wrapKey(MASTER, 'k1', Buffer.alloc(32, id), `mac-key|${id}`);
    this.rows.push({ id, masterKeyId: 'k1', wrapped, signsFrom });
  }
}

async function ringOn(rows: MemoryRows, now = NOON, masterKeys = MASTER): Promise<MacKeyRing> {
  const ring = new MacKeyRing(masterKeys, rows);
  await ring.load(now, DEADLINE);
  return ring;
}

const tokenOf = (ring: MacKeyRing, now = NOON): string =>
  buildRefreshToken(
    { macKeyId: ring.signingKeyId(now), grantId: SKILL, grantSecret: Buffer.alloc(16, 5), generation: 1 },
    SKILL,
    ring.lookup,
  );

describe('the first key', () => {
  it('is made in a fresh database, wrapped, and signs at once', async () => {
    const rows = new MemoryRows();
    const ring = await ringOn(rows);
    expect(rows.rows).toMatchObject([{ id: 1, masterKeyId: 'k1' }]);
    expect(ring.signingKeyId(NOON)).toBe(1);
    expect(readRefreshToken(tokenOf(ring), SKILL, ring.lookup).kind).toBe('valid');
  });

  it('is another one in every database', async () => {
    const [a, b] = [await ringOn(new MemoryRows()), await ringOn(new MemoryRows())];
    expect(readRefreshToken(tokenOf(a), SKILL, b.lookup)).toEqual({ kind: 'forged' });
  });

  it.each([
    ['at once', NOON],
    ['on clocks that are apart', minutes(-1)],
  ])('is agreed on by two processes that start %s, and both sign with it', async (_, now) => {
    const rows = new MemoryRows();
    const [a, b] = await Promise.all([ringOn(rows, NOON), ringOn(rows, now)]);
    expect(rows.rows).toHaveLength(1);
    expect(tokenOf(b, now)).toBe(tokenOf(a));
    expect(readRefreshToken(tokenOf(a), SKILL, b.lookup).kind).toBe('valid');
  });
});

describe('the signing key', () => {
  it('is the newest whose time has come; all others still verify', async () => {
    const rows = new MemoryRows();
    await ringOn(rows);
    rows.rotate(2, minutes(10));
    rows.rotate(3, minutes(20));
    const ring = await ringOn(rows);
    const moments = [0, 9.999, 10, 19.999, 20, 1_000].map((count) => ring.signingKeyId(minutes(count)));
    expect(moments).toEqual([1, 1, 2, 2, 3, 3]);
    expect([1, 2, 3].map((id) => ring.lookup(id)?.id)).toEqual([1, 2, 3]);
  });

  it('is not simply the one with the highest id', async () => {
    const rows = new MemoryRows();
    rows.rotate(7, minutes(-10));
    rows.rotate(200, minutes(-20));
    expect((await ringOn(rows)).signingKeyId(NOON)).toBe(7);
  });

  it('is missing before the ring is loaded', () => {
    const ring = new MacKeyRing(MASTER, new MemoryRows());
    expect(() => ring.signingKeyId(NOON)).toThrow('no MAC key');
    expect(ring.lookup(1)).toBeUndefined();
  });
});

describe('loading', () => {
  it('again brings in keys that were added since', async () => {
    const rows = new MemoryRows();
    const ring = await ringOn(rows);
    rows.rotate(2, minutes(-1));
    expect(ring.lookup(2)).toBeUndefined();
    await ring.load(NOON, DEADLINE);
    expect(ring.lookup(2)?.id).toBe(2);
    expect(ring.lookup(9)).toBeUndefined();
  });

  it('fails as a whole on a key that does not open, and leaves what was loaded before', async () => {
    const rows = new MemoryRows();
    const ring = await ringOn(rows);
    const token = tokenOf(ring);
    rows.rotate(2, NOON);
    const swapped = rows.rows.map((row) => ({ ...row, id: 3 - row.id }));
    rows.rows = swapped;
    await expect(ring.load(NOON, DEADLINE)).rejects.toThrow(DecryptionFailed);
    expect(readRefreshToken(token, SKILL, ring.lookup).kind).toBe('valid');
  });

  it.each([
    ['missing', 'k2', 1],
    ['another one of the same name', 'k1', 2],
  ])('fails where the master key is %s', async (_, id, octet) => {
    const rows = new MemoryRows();
    await ringOn(rows);
    const other = parseMasterKeys(`${id}:${Buffer.alloc(32, octet).toString('base64')}`);
    await expect(ringOn(rows, NOON, other)).rejects.toThrow(DecryptionFailed);
  });
});
