import { asTenantId, type TenantId } from '@linkbroker/contracts';
import fc from 'fast-check';
import { createHash, randomUUID } from 'node:crypto';
import { AuditLogStore, type AuditEntry } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let log: AuditLogStore;
beforeAll(async () => {
  scratch = await createScratchDatabase();
  log = new AuditLogStore((await scratch.open('admin')).dataSource);
});
afterAll(() => scratch.close());

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: new Date('2026-11-22T12:00:00.123Z'),
  actor: { kind: 'person', id: randomUUID(), label: 'Ada' },
  action: 'member.removed',
  subject: 'somebody',
  diff: { role: 'owner' },
  address: '192.0.2.0/24',
  ...more,
});
const newTenant = (): TenantId => asTenantId(randomUUID());

const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((value) => value.replaceAll('\0', ''));
const anyEntry = fc.record<AuditEntry>({
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  actor: fc.record({
    kind: fc.constantFrom('person', 'api-key', 'operator-key', 'command'),
    id: fc.option(text),
    label: text,
  }),
  action: text,
  subject: text,
  diff: fc.dictionary(
    fc.string({ maxLength: 8 }).map((key) => key.replaceAll('\0', '')),
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
  ),
  address: fc.option(text),
});
const sizes = { numRuns: 25 };

test('a chain of whatever was done is sound, and comes back as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntry, { minLength: 1, maxLength: 6 }), async (entries) => {
      const tenantId = newTenant();
      for (const one of entries) await log.append(tenantId, one);
      const found = await log.list(tenantId, null, 100);
      expect(found.map(({ seq: _seq, hash: _hash, ...one }) => one)).toEqual(asJson(entries).reverse());
      const head = { seq: entries.length, hash: found[0]?.hash };
      expect(await log.verify(tenantId)).toEqual({ entries: entries.length, brokenAt: null, head });
    }),
    sizes,
  );
});

const COLUMNS = [
  'at',
  'actor_kind',
  'actor_id',
  'actor_label',
  'action',
  'subject',
  'diff',
  'address',
  'entry_hash',
  'previous_hash',
];
const CHANGED: Readonly<Record<string, string>> = {
  at: `at + interval '1 microsecond'`,
  diff: `diff || '{"x":1}'`,
  entry_hash: `sha256(entry_hash)`,
  previous_hash: `sha256(previous_hash)`,
};

test('whichever field of whichever entry is changed, the walk names the entry', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...COLUMNS), async (seq, column) => {
      const tenantId = newTenant();
      for (let count = 0; count < 5; count += 1) await log.append(tenantId, entry());
      const value = CHANGED[column] ?? `${column} || 'x'`;
      await scratch.sql(`UPDATE linkbroker.audit_log SET ${column} = ${value} WHERE chain = $1 AND seq = $2`, [
        tenantId,
        seq,
      ]);
      expect(await log.verify(tenantId)).toMatchObject({ entries: 5, brokenAt: seq });
    }),
    sizes,
  );
});

test('an entry that was taken out is missed by the next one; the newest by its head', async () => {
  const tenantId = newTenant();
  for (let count = 0; count < 4; count += 1) await log.append(tenantId, entry());
  const { head } = await log.verify(tenantId);
  await scratch.sql('DELETE FROM linkbroker.audit_log WHERE chain = $1 AND seq = 4', [tenantId]);
  const after = await log.verify(tenantId);
  expect(after.brokenAt).toBeNull();
  expect(after.head).not.toEqual(head);
  await scratch.sql('DELETE FROM linkbroker.audit_log WHERE chain = $1 AND seq = 2', [tenantId]);
  expect(await log.verify(tenantId)).toMatchObject({ brokenAt: 3 });
});

test('an entry put in with a hash of its own breaks the chain after it', async () => {
  const tenantId = newTenant();
  for (let count = 0; count < 3; count += 1) await log.append(tenantId, entry());
  await scratch.sql(
    `UPDATE linkbroker.audit_log a SET subject = 'nobody', entry_hash = linkbroker.audit_hash(a.previous_hash, a.chain, a.seq,
       a.at, a.actor_kind, a.actor_id, a.actor_label, a.action, 'nobody', a.diff, a.address) WHERE chain = $1 AND seq = 2`,
    [tenantId],
  );
  expect(await log.verify(tenantId)).toMatchObject({ brokenAt: 3 });
});

test('of twenty who write at once each gets a number of its own', async () => {
  const tenantId = newTenant();
  await Promise.all(Array.from({ length: 20 }, () => log.append(tenantId, entry())));
  expect((await log.list(tenantId, null, 100)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 20 }, (_, index) => 20 - index),
  );
  expect(await log.verify(tenantId)).toMatchObject({ entries: 20, brokenAt: null });
});

test('pages go on before a number, and no tenant sees another or the installation', async () => {
  const [one, other] = [newTenant(), newTenant()];
  for (let count = 0; count < 3; count += 1) await log.append(one, entry());
  await log.append(null, entry({ subject: 'installation' }));
  expect((await log.list(one, 3, 1)).map(({ seq }) => seq)).toEqual([2]);
  expect(await log.list(other, null, 10)).toEqual([]);
  expect((await log.list(null, null, 10)).map(({ subject }) => subject)).toEqual(['installation']);
  const { dataSource } = await scratch.open('admin');
  expect(await dataSource.query('SELECT 1 FROM linkbroker.audit_log')).toEqual([]);
});

test.each(['broker', 'worker', 'admin'] as const)('%s can neither add by itself, change nor remove', async (role) => {
  const { dataSource } = await scratch.open(role);
  const denied = /permission denied/;
  await expect(dataSource.query(`UPDATE linkbroker.audit_log SET subject = ''`)).rejects.toThrow(denied);
  await expect(dataSource.query('DELETE FROM linkbroker.audit_log')).rejects.toThrow(denied);
  await expect(dataSource.query('TRUNCATE linkbroker.audit_log')).rejects.toThrow(denied);
  await expect(
    dataSource.query(
      `INSERT INTO linkbroker.audit_log (chain, seq, at, actor_kind, actor_label, action, subject, diff, previous_hash, entry_hash)
       VALUES (gen_random_uuid(), 1, now(), '', '', '', '', '{}', '', '')`,
    ),
  ).rejects.toThrow(denied);
});

test('the first hash is what anybody can compute', async () => {
  const tenantId = newTenant();
  await log.append(tenantId, entry({ actor: { kind: 'command', id: null, label: 'é' }, diff: {}, address: null }));
  const at = '2026-11-22T12:00:00.123000Z';
  const octets = `["", "${tenantId}", 1, "${at}", "command", null, "é", "member.removed", "somebody", {}, null]`;
  const [first] = await log.list(tenantId, null, 1);
  expect(first?.hash).toBe(createHash('sha256').update(octets).digest('hex'));
});

/** What is written as JSON: `-0` comes back as 0. */
const asJson = (entries: readonly AuditEntry[]): AuditEntry[] =>
  entries.map((one) => ({ ...one, diff: JSON.parse(JSON.stringify(one.diff)) as AuditEntry['diff'] }));
