import { asTenantId, type RecordedEvent, type TenantId, type TimelineEntry } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import { TimelineReader, TimelineStore, TimelineWriter, type Database, type TimelineQuery } from '../index.js';

let scratch: ScratchDatabase;
let worker: Database;
let reader: TimelineReader;
let own: TenantFixture;
let other: TenantFixture;
const deadline = () => performance.now() + 10_000;
const NOW = new Date();

beforeAll(async () => {
  scratch = await createScratchDatabase();
  worker = (await scratch.open('worker')).database;
  reader = new TimelineReader((await scratch.open('admin')).dataSource);
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});
afterAll(() => scratch.close());
afterEach(() => scratch.sql('TRUNCATE linkbroker_timeline.entries'));

const ago = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const event = (change: Partial<RecordedEvent> = {}): RecordedEvent => ({
  name: 'token.answered',
  tenantId: own.tenantId,
  at: NOW.toISOString(),
  ...change,
});
const found = async (tenantId: TenantId, query: TimelineQuery = {}, limit = 10): Promise<readonly TimelineEntry[]> =>
  (await reader.search(tenantId, query, limit)).entries;
const record = async (...events: readonly RecordedEvent[]): Promise<void> => {
  const writer = new TimelineWriter(scratch.urls.broker);
  await writer.write(JSON.stringify(events), deadline());
  await writer.close();
};

describe('recording', () => {
  test('stores a batch of several tenants with everything in it, and reads it back as its tenant', async () => {
    const full = event({
      ...{ skillId: own.skillId, linkId: own.linkId, grantId: randomUUID(), tokenSetId: own.tokenSetId },
      ...{ reference: 'AAAA-0000', connector: 'home', outcome: 'issued', status: 200, ms: 12.5, detail: 'why' },
      ...{ figures: { redirectLength: 3 }, data: { sent: { grant_type: 'x' } }, stateFingerprint: 'f' },
    });
    await record(full, event({ tenantId: other.tenantId, reference: 'BBBB-0000' }));
    const { tenantId: _tenant, at, stateFingerprint: _state, ...rest } = full;
    expect(await reader.ofLink(own.tenantId, own.linkId, 10)).toEqual([{ ...rest, at: new Date(at) }]);
    expect(await found(other.tenantId)).toHaveLength(1);
  });

  test('keeps times to the microsecond, so that entries of one millisecond keep their order', async () => {
    const times = ['000002', '000001', '000003'].map((rest) => `2026-01-31T12:00:00.${rest}Z`);
    await record(...times.map((at, index) => event({ at, detail: String(index) })));
    expect((await found(own.tenantId)).map(({ detail }) => detail)).toEqual(['1', '0', '2']);
  });

  test('takes all of a batch or nothing', async () => {
    await expect(record(event(), { ...event(), tenantId: 'nobody' })).rejects.toThrow(/uuid/);
    expect(await scratch.sql('SELECT 1 FROM linkbroker_timeline.entries')).toEqual([]);
  });

  test('takes entries of any time: also of a week that has no partition', async () => {
    await record(event({ at: '2020-01-01T00:00:00Z' }), event({ at: '2031-01-01T00:00:00Z' }));
    expect(await found(own.tenantId)).toHaveLength(2);
  });
});

describe('as another tenant', () => {
  test('nothing of a timeline is found, by whatever it is looked for', async () => {
    await record(event({ reference: 'AAAA-0000', linkId: own.linkId, skillId: own.skillId, stateFingerprint: 'f' }));
    expect(await reader.link(other.tenantId, own.linkId)).toBeUndefined();
    expect(await reader.skill(other.tenantId, own.skillId)).toBeUndefined();
    expect(await reader.ofLink(other.tenantId, own.linkId, 10)).toEqual([]);
    for (const query of [{ reference: 'AAAA-0000' }, { skillId: own.skillId }, { stateFingerprint: 'f' }, {}]) {
      expect(await found(other.tenantId, query)).toEqual([]);
      expect(await found(own.tenantId, query)).toHaveLength(1);
    }
  });

  test.each(['broker', 'worker'] as const)('%s writes timelines and reads none', async (role) => {
    const { dataSource } = await scratch.open(role);
    await expect(dataSource.query('SELECT 1 FROM linkbroker_timeline.entries')).rejects.toThrow(/permission denied/);
    await expect(dataSource.query(`SELECT linkbroker.resolve_timeline('AAAA-0000', NULL)`)).rejects.toThrow(
      /permission denied/,
    );
  });

  test('the admin role writes no timeline', async () => {
    const { dataSource } = await scratch.open('admin');
    await expect(dataSource.query(`SELECT linkbroker.record_timeline('[]')`)).rejects.toThrow(/permission denied/);
    await expect(dataSource.query('DELETE FROM linkbroker_timeline.entries')).rejects.toThrow(/permission denied/);
  });
});

describe('reading', () => {
  test('resolves a reference or a link to its tenant', async () => {
    await record(event({ tenantId: other.tenantId, reference: 'BBBB-0000' }));
    expect(await reader.resolve({ reference: 'BBBB-0000' })).toBe(other.tenantId);
    expect(await reader.resolve({ linkId: own.linkId })).toBe(own.tenantId);
    expect(await reader.resolve({ reference: 'CCCC-0000' })).toBeUndefined();
    expect(await reader.resolve({ linkId: randomUUID() })).toBeUndefined();
  });

  test('puts the attempts, the sign-in and its refreshes on the timeline of their link', async () => {
    await record(
      event({ name: 'authorize.started', reference: 'AAAA-0000', at: ago(3) }),
      event({ name: 'code.issued', reference: 'AAAA-0000', linkId: own.linkId, at: ago(2) }),
      event({ name: 'upstream.at_risk', tokenSetId: own.tokenSetId, at: ago(0.5) }),
      event({ name: 'authorize.started', reference: 'BBBB-0000', at: ago(1) }),
    );
    await scratch.sql(
      `INSERT INTO linkbroker.upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at, sent_at, ended_at, outcome)
       VALUES ($1, $2, $3, $4, 1, 1, $5::timestamptz, $5::timestamptz, $5::timestamptz + interval '120 ms', 'stored')`,
      [randomUUID(), own.tenantId, own.tokenSetId, own.connectorId, ago(1)],
    );
    const entries = await reader.ofLink(own.tenantId, own.linkId, 10);
    expect(entries.map(({ name }) => name)).toEqual([
      'authorize.started',
      'code.issued',
      'upstream.refreshed',
      'upstream.at_risk',
    ]);
    expect(entries[2]).toMatchObject({ ms: 120, outcome: 'stored', tokenSetId: own.tokenSetId });
    expect(await reader.ofLink(own.tenantId, own.linkId, 1)).toMatchObject([{ name: 'upstream.at_risk' }]);
  });

  test('searches by name, outcome and time, the newest page first, and leaves everyday refreshes out', async () => {
    await record(
      event({ name: 'client.refused', outcome: 'wrong_secret', at: ago(3) }),
      event({ name: 'client.refused', outcome: 'old_secret', at: ago(2) }),
      event({ outcome: 'rotated', at: ago(1) }),
      event({ outcome: 'unavailable', status: 503, at: ago(0) }),
    );
    const outcomes = async (query: Parameters<TimelineReader['search']>[1], limit = 10) =>
      (await found(own.tenantId, query, limit)).map(({ outcome }) => outcome);
    expect(await outcomes({})).toEqual(['wrong_secret', 'old_secret', 'unavailable']);
    expect(await outcomes({}, 2)).toEqual(['old_secret', 'unavailable']);
    expect(await outcomes({ before: ago(2) })).toEqual(['wrong_secret']);
    expect(await outcomes({ from: new Date(ago(2)), name: 'client.refused' })).toEqual(['old_secret']);
    expect(await outcomes({ outcome: 'rotated' })).toEqual(['rotated']);
  });

  test('finds what names one of Alexa’s users, and what happened to the links he made', async () => {
    await record(
      event({ name: 'skill_event.received', alexaUser: 'u', at: ago(3) }),
      event({ name: 'skill_event.received', alexaUser: 'v', at: ago(2) }),
      event({ name: 'code.issued', linkId: own.linkId, at: ago(1) }),
      event({ name: 'code.issued', linkId: randomUUID(), at: ago(1) }),
    );
    const names = async (alexaUser: TimelineQuery['alexaUser'], tenantId = own.tenantId) =>
      (await found(tenantId, { ...(alexaUser && { alexaUser }) })).map(({ name }) => name);
    expect(await names({ name: 'u', linkIds: [own.linkId] })).toEqual(['skill_event.received', 'code.issued']);
    expect(await names({ name: 'u', linkIds: [] })).toEqual(['skill_event.received']);
    expect(await names({ name: 'w', linkIds: [] })).toEqual([]);
    expect(await names({ name: 'u', linkIds: [own.linkId] }, other.tenantId)).toEqual([]);
  });

  test.each([1, 2, 3, 7])(
    'pages of %i lose and repeat nothing, also where many came at the same moment',
    async (limit) => {
      const moments = ['000000', '000000', '000000', '000001', '000001', '000002', '001000', '001000', '001001'];
      await record(
        ...moments.map((rest, index) => event({ at: `2026-01-31T12:00:00.${rest}Z`, detail: String(index) })),
      );
      const seen: string[] = [];
      let before: string | null | undefined;
      do {
        const page = await reader.search(own.tenantId, before ? { before } : {}, limit);
        seen.push(...page.entries.map(({ detail }) => detail ?? ''));
        before = page.before;
      } while (before !== null);
      expect(seen.sort()).toEqual(moments.map((_, index) => String(index)));
    },
  );

  test('knows what a link and its skill are', async () => {
    const link = await reader.link(own.tenantId, own.linkId);
    expect(link).toMatchObject({ id: own.linkId, skillId: own.skillId, state: 'active' });
    const skill = await reader.skill(own.tenantId, own.skillId);
    expect(skill).toMatchObject({ id: own.skillId, relayAuthorizationUrl: null });
    expect(await reader.skillBySlug(own.tenantId, skill?.slug ?? '')).toEqual(skill);
  });
});

describe('keeping', () => {
  const partitions = async (): Promise<string[]> =>
    (
      await scratch.sql<{ name: string }>(
        `SELECT c.relname AS name FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
         WHERE h.inhparent = 'linkbroker_timeline.entries'::regclass ORDER BY 1`,
      )
    ).map(({ name }) => name);

  test('makes the partitions of three weeks once, forced under row security, and drops what nobody keeps', async () => {
    const store = new TimelineStore(worker);
    const later = new Date(NOW.getTime() + 21 * 86_400_000);
    expect(await store.keep(later, deadline())).toBe(3);
    expect(await store.keep(later, deadline())).toBe(0);
    expect(await partitions()).toHaveLength(7);
    const unforced = await scratch.sql(
      `SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'linkbroker_timeline' AND c.relkind IN ('r', 'p') AND NOT c.relforcerowsecurity`,
    );
    expect(unforced).toEqual([]);
    const muchLater = new Date(NOW.getTime() + 100 * 86_400_000);
    expect(await store.keep(muchLater, deadline())).toBeGreaterThanOrEqual(8);
    expect(await partitions()).toHaveLength(4);
  });

  test('two workers at once make each partition once', async () => {
    const store = new TimelineStore(worker);
    const when = new Date(NOW.getTime() + 200 * 86_400_000);
    await Promise.all([1, 2, 3, 4].map(() => store.keep(when, deadline())));
    expect((await partitions()).filter((name) => name !== 'entries_other')).toHaveLength(3);
  });

  test('a week for which entries came early stays readable where they are', async () => {
    const early = new Date(NOW.getTime() + 300 * 86_400_000);
    await record(event({ at: early.toISOString() }));
    const store = new TimelineStore(worker);
    await store.keep(early, deadline());
    expect(await found(own.tenantId)).toHaveLength(1);
  });

  test('forgets what a tenant no longer keeps, in batches, and nothing of another', async () => {
    await scratch.sql('UPDATE linkbroker.tenants SET timeline_days = 2 WHERE id = $1', [own.tenantId]);
    await record(
      ...[3, 4, 5].map((days) => event({ at: ago(days) })),
      event({ at: ago(1) }),
      event({ at: ago(5), tenantId: asTenantId(other.tenantId) }),
    );
    const store = new TimelineStore(worker);
    expect(await store.forget(NOW, 2, deadline())).toBe(2);
    expect(await store.forget(NOW, 2, deadline())).toBe(1);
    expect(await store.forget(NOW, 2, deadline())).toBe(0);
    expect(await found(own.tenantId)).toHaveLength(1);
    expect(await found(other.tenantId)).toHaveLength(1);
  });
});
