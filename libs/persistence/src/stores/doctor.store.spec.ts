import { asTenantId } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import type { AuditEntry } from './audit-log.store.js';
import { DoctorHostsStore } from './doctor-hosts.store.js';
import { DoctorRunsStore, type DoctorQuotas } from './doctor-runs.store.js';

let scratch: ScratchDatabase;
let hosts: DoctorHostsStore;
let runs: DoctorRunsStore;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { dataSource } = await scratch.open('admin');
  [hosts, runs] = [new DoctorHostsStore(dataSource), new DoctorRunsStore(dataSource)];
});
afterAll(() => scratch.close());
beforeEach(() => scratch.sql('DELETE FROM linkbroker.doctor_runs'));

const NOW = new Date('2026-03-01T12:00:00Z');
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const entryAt = (at: Date): AuditEntry => ({
  ...{ at, actor: { kind: 'operator-key', id: null, label: 'operator key' }, address: null },
  ...{ action: 'doctor', subject: 'id.example.com', diff: {} },
});
const QUOTAS: DoctorQuotas = { atOnce: 2, aDay: 3 };
const tenant = (): Promise<TenantFixture> => createTenantFixture(scratch);

const begin = async ({ tenantId }: TenantFixture, at = NOW, quotas = QUOTAS) => {
  const id = randomUUID();
  const wanted = { id, target: { clientId: 'alexa' }, startedBy: 'Ada', deadlineAt: new Date(at.getTime() + 660_000) };
  return { id, verdict: await runs.begin(tenantId, wanted, quotas, entryAt(at)) };
};
const DONE = { state: 'done', reason: null, report: { summary: { pass: 1 } }, screenshot: Buffer.from('png') } as const;

describe('hosts', () => {
  test('are added once, proven, and gone when they are removed', async () => {
    const { tenantId } = await tenant();
    const wanted = { host: 'id.example.com', token: 't', addedBy: 'Ada', addedAt: NOW };
    expect(await hosts.add(tenantId, wanted, 2, entryAt(NOW))).toBe('added');
    expect(await hosts.add(tenantId, { ...wanted, token: 'other' }, 2, entryAt(NOW))).toBe('there');
    await hosts.note(tenantId, wanted.host, null, entryAt(later(1)));
    expect(await hosts.find(tenantId, wanted.host)).toMatchObject({ token: 't', provenAt: null, checkedAt: later(1) });
    await hosts.note(tenantId, wanted.host, 'dns', entryAt(later(2)));
    await hosts.note(tenantId, wanted.host, null, entryAt(later(3)));
    expect(await hosts.list(tenantId)).toEqual([
      { ...wanted, checkedAt: later(3), provenAt: later(2), provenBy: 'dns' },
    ]);
    expect([await hosts.remove(tenantId, wanted.host, entryAt(NOW)), await hosts.list(tenantId)]).toEqual([true, []]);
  });

  test('are no more than are allowed, and those of the tenant alone', async () => {
    const [own, other] = [await tenant(), await tenant()];
    const wanted = { host: 'id.example.com', token: 't', addedBy: 'Ada', addedAt: NOW };
    await hosts.add(own.tenantId, wanted, 1, entryAt(NOW));
    expect(await hosts.add(own.tenantId, { ...wanted, host: 'b.example.com' }, 1, entryAt(NOW))).toBe('too-many');
    expect(await hosts.find(other.tenantId, wanted.host)).toBeUndefined();
    expect(await hosts.remove(other.tenantId, wanted.host, entryAt(NOW))).toBe(false);
  });
});

describe('runs', () => {
  test('go from their beginning to a report, and no further', async () => {
    const own = await tenant();
    const { id, verdict } = await begin(own);
    expect([verdict, await runs.note(own.tenantId, id, ['one'])]).toEqual(['begun', true]);
    expect(await runs.end(own.tenantId, id, { ...DONE, at: later(5) })).toBe(true);
    expect(await runs.find(own.tenantId, id, later(6))).toMatchObject({
      ...{
        id,
        state: 'done',
        progress: ['one'],
        endedAt: later(5),
        summary: { pass: 1 },
        target: { clientId: 'alexa' },
      },
      ...{ report: { summary: { pass: 1 } }, screenshot: Buffer.from('png') },
    });
    expect(await runs.cancel(own.tenantId, id, entryAt(later(7)))).toBe(false);
    expect(await runs.note(own.tenantId, id, ['two'])).toBe(false);
    expect(await runs.end(own.tenantId, id, { ...DONE, at: later(8) })).toBe(false);
  });

  test('one of a tenant at a time, and no more in a day than are allowed', async () => {
    const own = await tenant();
    const first = await begin(own);
    expect((await begin(own)).verdict).toBe('tenant-busy');
    await runs.cancel(own.tenantId, first.id, entryAt(later(1)));
    for (let turn = 0; turn < 2; turn += 1) {
      const { id, verdict } = await begin(own, later(2));
      expect(verdict).toBe('begun');
      await runs.end(own.tenantId, id, { ...DONE, at: later(3) });
    }
    expect((await begin(own, later(4))).verdict).toBe('tenant-day');
    expect((await runs.list(own.tenantId, later(4))).today).toBe(3);
    expect((await begin(own, later(86_400_001))).verdict).toBe('begun');
  });

  test('no more at once than the installation bears, whoever asks at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, tenant));
    const verdicts = await Promise.all(all.map(async (one) => (await begin(one)).verdict));
    expect(verdicts.filter((verdict) => verdict === 'begun')).toHaveLength(2);
    expect(verdicts.filter((verdict) => verdict === 'installation-busy')).toHaveLength(2);
  });

  test('whose process is gone stand in nobody’s way', async () => {
    const own = await tenant();
    const { id } = await begin(own);
    expect((await begin(own, later(660_001))).verdict).toBe('begun');
    expect(await runs.find(own.tenantId, id, later(660_001))).toMatchObject({
      state: 'failed',
      endedAt: later(660_001),
    });
  });

  test('are forgotten from the oldest on', async () => {
    const own = await tenant();
    for (let turn = 0; turn < 52; turn += 1) {
      const at = later(turn * 86_400_001);
      const { id } = await begin(own, at);
      await runs.end(own.tenantId, id, { ...DONE, at });
    }
    const [count] = await scratch.sql<{ runs: number }>(
      'SELECT count(*)::int AS runs FROM linkbroker.doctor_runs WHERE tenant_id = $1',
      [own.tenantId],
    );
    expect(count?.runs).toBe(50);
  });

  test('are not those of another tenant', async () => {
    const [own, other] = [await tenant(), await tenant()];
    const { id } = await begin(own);
    expect(await runs.find(other.tenantId, id, NOW)).toBeUndefined();
    expect(await runs.note(other.tenantId, id, ['stolen'])).toBe(false);
    expect(await runs.cancel(other.tenantId, id, entryAt(NOW))).toBe(false);
    expect((await runs.list(asTenantId(other.tenantId), NOW)).runs).toEqual([]);
  });
});
