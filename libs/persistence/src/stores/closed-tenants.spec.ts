import { asTenantId } from '@linkbroker/contracts';
import { FixedClock, liveGrant, type GrantsFixture } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import {
  AuditLogStore,
  ConfigurationMoved,
  ConfigurationStore,
  GrantsStore,
  HousekeepingStore,
  KeysStore,
  LinksStore,
  SlugTaken,
  TenantsStore,
} from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const ACTOR = { kind: 'operator-key', id: null, label: 'operator' } as const;

let scratch: ScratchDatabase;
let configuration: ConfigurationStore;
let tenants: TenantsStore;
let audit: AuditLogStore;
let housekeeping: HousekeepingStore;
let own: TenantFixture;
let other: TenantFixture;
const clock = new FixedClock(new Date().toISOString());
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { dataSource } = await scratch.open('admin');
  [configuration, tenants] = [new ConfigurationStore(dataSource), new TenantsStore(dataSource)];
  audit = new AuditLogStore(dataSource);
  housekeeping = new HousekeepingStore((await scratch.open('worker')).database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  [own, other] = [await createTenantFixture(scratch), await createTenantFixture(scratch)];
});
afterEach(async () => {
  clock.advance({ days: 1 });
  await scratch.sql(`UPDATE linkbroker.upstream_revocations SET state = 'failed' WHERE state IN ('held', 'running')`);
  while (await destroy(1_000));
});

const destroy = (limit: number) => housekeeping.destroyClosedTenant(clock.now(), limit, deadline());
const later = (minutes: number) => clock.advance({ minutes });
const entry = (action: string) => ({
  ...{ at: clock.now(), actor: ACTOR, action, subject: own.tenantSlug, diff: {}, address: null },
});

async function close(): Promise<void> {
  const changes = [
    { kind: 'remove-skill', id: own.skillId },
    { kind: 'remove-connector', id: own.connectorId },
    { kind: 'close-tenant' },
  ] as const;
  await configuration.write(own.tenantId, changes, clock.now(), { audit: entry('tenant.delete') });
}

/** A household of the tenant: a link with a grant that lives, of a domain that can be revoked. */
async function household(): Promise<void> {
  const { database } = await scratch.open('broker');
  const [grants, links] = [new GrantsStore(database), new LinksStore(database)];
  await scratch.sql(`UPDATE linkbroker.upstream_token_sets SET domain = '\\x01' WHERE id = $1`, [own.tokenSetId]);
  await scratch.sql(`UPDATE linkbroker.connectors SET revoke_upstream = 'last-link' WHERE id = $1`, [own.connectorId]);
  const { connectorId, tokenSetId } = own;
  const issue: GrantsFixture['issue'] = async (tenantId, pending) => {
    const completion = { ...pending, connectorId, tokenSetId, subject: 'sub-1', newLinkId: randomUUID() };
    await links.complete(tenantId, completion, clock.now(), deadline());
  };
  await liveGrant({ ...own, grants, other: own, issue }, clock);
}

/** What holds the id of a tenant, with how many rows do. */
async function rowsOf({ tenantId }: TenantFixture): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of await tenantTables()) {
    const [row] = await scratch.sql<{ count: number }>(
      `SELECT count(*)::integer AS count FROM ${table} WHERE tenant_id = $1`,
      [tenantId],
    );
    if (row!.count > 0) found[table] = row!.count;
  }
  const [tenant] = await scratch.sql('SELECT 1 FROM linkbroker.tenants WHERE id = $1', [tenantId]);
  return tenant ? { ...found, 'linkbroker.tenants': 1 } : found;
}

async function tenantTables(): Promise<string[]> {
  const rows = await scratch.sql<{ name: string }>(`
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relnamespace IN ('linkbroker'::regnamespace, 'linkbroker_timeline'::regnamespace)
      AND c.relkind IN ('r', 'p') AND NOT c.relispartition`);
  return rows.map(({ name }) => name);
}

describe('a tenant that was closed', () => {
  test('lets nobody in any more, and is told of in the installation’s log', async () => {
    const account = randomUUID();
    await scratch.sql(`INSERT INTO linkbroker.accounts (id, display_name, created_at) VALUES ($1, 'Ada', now())`, [
      account,
    ]);
    await scratch.sql(
      `INSERT INTO linkbroker.members (tenant_id, account_id, role, invited_by, created_at) VALUES ($1, $2, 'owner', 'x', now())`,
      [own.tenantId, account],
    );
    await close();
    expect(await configuration.resolveTenant(own.tenantSlug)).toBeUndefined();
    expect(await configuration.resolveTenant(other.tenantSlug)).toBe(other.tenantId);
    expect(await scratch.sql('SELECT * FROM linkbroker.memberships_of($1)', [account])).toEqual([]);
    const listed = await tenants.list(undefined, 1_000);
    expect(listed.find(({ slug }) => slug === own.tenantSlug)?.closedAt).toEqual(clock.now());
    expect(listed.find(({ slug }) => slug === other.tenantSlug)?.closedAt).toBeNull();
    const [last] = await audit.list(null, null, 1);
    expect(last).toMatchObject({ action: 'tenant.delete', subject: own.tenantSlug, actor: ACTOR });
  });

  test('is changed no more, and its slug is not free yet', async () => {
    await close();
    const change = { kind: 'update-tenant', name: 'Late', timelineDays: 30 } as const;
    await expect(configuration.write(own.tenantId, [change], clock.now())).rejects.toThrow(ConfigurationMoved);
    const again = { kind: 'create-tenant', slug: own.tenantSlug, name: 'Again', timelineDays: 30 } as const;
    const taken = configuration.write(asTenantId(randomUUID()), [again], clock.now());
    await expect(taken).rejects.toThrow(SlugTaken);
  });

  test('is kept for an hour, and until its upstream revocations have ended', async () => {
    await household();
    await close();
    later(59);
    expect(await destroy(1_000)).toBeUndefined();
    later(2);
    expect(await destroy(1_000)).toBeUndefined();
    await scratch.sql(`UPDATE linkbroker.upstream_revocations SET state = 'running' WHERE tenant_id = $1`, [
      own.tenantId,
    ]);
    expect(await destroy(1_000)).toBeUndefined();
    await scratch.sql(`UPDATE linkbroker.upstream_revocations SET state = 'done' WHERE tenant_id = $1`, [own.tenantId]);
    expect(await destroy(1_000)).toMatchObject({ slug: own.tenantSlug, finished: true });
  });

  test('goes with its keys first, piece by piece, and leaves nothing but its log; another one stays', async () => {
    const keys = new KeysStore((await scratch.open('broker')).database);
    for (const { tenantId } of [own, other])
      await keys.addDataKey(tenantId, { id: randomUUID(), masterKeyId: 'm', wrapped: Buffer.alloc(40) }, deadline());
    await household();
    await scratch.sql(
      `INSERT INTO linkbroker_timeline.entries (tenant_id, at, name) SELECT $1, now() - i * interval '9 days', 'x' FROM generate_series(0, 4) AS i`,
      [own.tenantId],
    );
    await close();
    const others = await rowsOf(other);
    later(61);
    await scratch.sql(`UPDATE linkbroker.upstream_revocations SET state = 'done' WHERE tenant_id = $1`, [own.tenantId]);
    expect(await destroy(3)).toMatchObject({ slug: own.tenantSlug, finished: false });
    const left = await rowsOf(own);
    expect(left).not.toHaveProperty('linkbroker.data_keys');
    expect(left).toMatchObject({ 'linkbroker.links': 1, 'linkbroker.tenants': 1 });
    for (let part = await destroy(3); part; part = await destroy(3)) {
      expect(part.removed).toBeLessThanOrEqual(4);
      if (part.finished) break;
    }
    expect(await rowsOf(own)).toEqual({ 'linkbroker.audit_log': 1 });
    expect(await rowsOf(other)).toEqual(others);
    expect(await destroy(3)).toBeUndefined();
    const [last] = await audit.list(null, null, 1);
    expect(last).toMatchObject({ action: 'tenant.destroyed', subject: own.tenantSlug });
    expect((await audit.verify(null)).brokenAt).toBeNull();
  });

  test('is destroyed by one worker at a time', async () => {
    await close();
    later(61);
    const parts = await Promise.all(Array.from({ length: 8 }, () => destroy(1_000)));
    expect(parts.filter((part) => part !== undefined)).toHaveLength(1);
    expect(await rowsOf(own)).toEqual({ 'linkbroker.audit_log': 1 });
  });
});

describe('what is destroyed', () => {
  let order: string[];
  beforeAll(async () => {
    const [row] = await scratch.sql<{ prosrc: string }>(
      `SELECT prosrc FROM pg_proc WHERE proname = 'destroy_closed_tenant'`,
    );
    order = /'\{([^}]*)\}'::text\[\]/.exec(row!.prosrc)![1]!.split(', ');
  });

  test('is every table that holds a tenant id, but the audit log', async () => {
    const tables = (await tenantTables()).filter((table) => table !== 'linkbroker.audit_log');
    expect(order.toSorted()).toEqual(tables.toSorted());
  });

  test('goes before what it refers to', async () => {
    const references = await scratch.sql<{ child: string; parent: string }>(`
      SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent FROM pg_constraint
      WHERE contype = 'f' AND connamespace = 'linkbroker'::regnamespace AND conrelid <> confrelid`);
    const among = references.filter(({ child, parent }) => order.includes(child) && order.includes(parent));
    expect(among.length).toBeGreaterThan(20);
    expect(among.filter(({ child, parent }) => order.indexOf(child) > order.indexOf(parent))).toEqual([]);
  });

  test('is checked by index where there can be a row for each link', async () => {
    const unindexed = await scratch.sql<{ key: string }>(`
      SELECT conname AS key FROM pg_constraint k
      WHERE contype = 'f' AND confrelid IN ('linkbroker.links'::regclass, 'linkbroker.grants'::regclass,
          'linkbroker.upstream_token_sets'::regclass, 'linkbroker.events'::regclass)
        AND NOT EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
          WHERE i.indrelid = k.conrelid AND i.indkey[0] = ANY (k.conkey)
            AND (a.attname <> 'tenant_id' OR i.indkey[1] = ANY (k.conkey)))`);
    expect(unindexed).toEqual([]);
  });
});
