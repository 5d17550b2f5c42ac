import { asTenantId, type Connector, type TenantId } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import { createScratchDatabase, type ScratchDatabase } from './testing/index.js';
import { createTenantFixture, type TenantFixture } from '../test/tenant-fixture.js';
import {
  ConfigurationStore,
  ConnectorsStore,
  KeysStore,
  LinkOverviewStore,
  LinksStore,
  openDatabase,
  TokenSetsStore,
  type Database,
} from './index.js';

let scratch: ScratchDatabase;
let broker: Database;
let own: TenantFixture;
let other: TenantFixture;
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  broker = (await scratch.open('broker')).database;
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});
afterAll(() => scratch.close());

describe('row-level security', () => {
  test('is forced on every table that holds a tenant id, and on tenants', async () => {
    const tables = await scratch.sql<{ name: string; forced: boolean; has_tenant: boolean }>(`
      SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
        EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS has_tenant
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('linkbroker', 'linkbroker_timeline') AND c.relkind IN ('r', 'p')`);
    const isolated = tables.filter((table) => table.has_tenant || table.name === 'tenants');
    expect(isolated.length).toBeGreaterThanOrEqual(10);
    expect(isolated.filter((table) => !table.forced)).toEqual([]);
    const shared = tables.filter((table) => !table.has_tenant).map((table) => table.name);
    const people = ['account_identities', 'accounts', 'bootstrap_links', 'passkeys', 'recovery_codes'];
    expect(shared.sort()).toEqual([...people, 'fingerprint_keys', 'mac_keys', 'migrations', 'tenants'].sort());
  });

  test.each(['broker', 'worker', 'admin'] as const)('%s sees no row without a tenant', async (role) => {
    const { dataSource } = await scratch.open(role);
    const [visible] = await dataSource.query<{ tables: string[] }[]>(
      `SELECT array_agg(table_name::text) AS tables FROM information_schema.table_privileges
       WHERE table_schema = 'linkbroker' AND privilege_type = 'SELECT' AND grantee = 'linkbroker_${role}'
         AND table_name NOT IN ('migrations', 'mac_keys', 'fingerprint_keys')`,
    );
    for (const table of visible?.tables ?? []) {
      expect(await dataSource.query(`SELECT 1 FROM linkbroker.${table} LIMIT 1`)).toEqual([]);
    }
  });

  test('does not let a tenant write a row of another', async () => {
    const { dataSource } = await scratch.open('broker');
    const write = dataSource.transaction(async (manager) => {
      await manager.query(`SELECT set_config('linkbroker.tenant_id', $1, true)`, [own.tenantId]);
      await manager.query(
        `INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, 'x', $5)`,
        [randomUUID(), other.tenantId, other.skillId, other.connectorId, other.tokenSetId],
      );
    });
    await expect(write).rejects.toThrow(/row-level security/);
  });
});

describe('functions that look across tenants', () => {
  test('are these, belong to the resolver and pin their search path', async () => {
    const definers = await scratch.sql<{ name: string; owner: string; config: string[] | null; public: boolean }>(`
      SELECT p.proname AS name, r.rolname AS owner, p.proconfig AS config, has_function_privilege('public', p.oid, 'EXECUTE') AS public
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
      WHERE n.nspname = 'linkbroker' AND p.prosecdef ORDER BY 1`);
    expect(definers.map((definer) => definer.name)).toEqual([
      'add_sign_in_provider',
      'append_audit',
      'cancel_upstream_revocations',
      'claim_due_alexa_events',
      'claim_due_event_grants',
      'claim_due_token_sets',
      'claim_event_deliveries',
      'claim_imported_links',
      'claim_upstream_revocation',
      'count_doctor_runs',
      'count_mac_key_grants',
      'count_unwell_token_sets',
      'count_upstream_refreshes',
      'count_wrapped_keys',
      'destroy_closed_tenant',
      'end_lost_attempts',
      'expire_handed_out_tokens',
      'expire_pending_grants',
      'find_invitation',
      'find_repair_target',
      'find_retired_secrets',
      'find_sign_in_provider',
      'forget_alexa_events',
      'forget_foreign_tokens',
      'forget_refresh_attempts',
      'forget_refresh_hours',
      'forget_relayed_tokens',
      'forget_skill_events',
      'forget_timeline',
      'grant_exists',
      'keep_timeline',
      'list_data_keys',
      'list_expired_grants',
      'list_sign_in_providers',
      'list_tenants',
      'memberships_of',
      'prune_events',
      'read_installation_audit',
      'record_timeline',
      'remove_mac_key',
      'remove_sign_in_provider',
      'resolve_client',
      'resolve_connector',
      'resolve_grant',
      'resolve_handed_out_token',
      'resolve_tenant',
      'resolve_timeline',
      'retire_client_secrets',
      'scan_stale_token_sets',
      'see_client_secrets',
      'use_api_key',
      'use_token_sets',
      'verify_audit',
    ]);
    for (const definer of definers) {
      expect(definer).toMatchObject({
        owner: 'linkbroker_resolver',
        config: expect.arrayContaining(['search_path=linkbroker, pg_temp']) as string[],
        public: false,
      });
    }
  });

  test('are out of reach for roles that do not need them', async () => {
    const { dataSource } = await scratch.open('worker');
    await expect(dataSource.query(`SELECT linkbroker.resolve_client('x')`)).rejects.toThrow(/permission denied/);
  });
});

describe('as the wrong tenant', () => {
  test('links and token sets are not found', async () => {
    const sets = new TokenSetsStore(broker);
    const { tenantId, connectorId, tokenSetId } = own;
    expect(await sets.findBySubject(tenantId, connectorId, 'sub-1', deadline())).toMatchObject({ version: 1 });
    expect(await sets.findBySubject(other.tenantId, connectorId, 'sub-1', deadline())).toBeUndefined();
    expect(await sets.find(tenantId, tokenSetId, deadline())).toMatchObject({ connectorId, leased: false });
    expect(await sets.find(other.tenantId, tokenSetId, deadline())).toBeUndefined();
  });

  test('a link is neither listed nor found for its repair', async () => {
    const links = new LinksStore(broker);
    expect(await links.findRepairTarget(own.tenantId, own.linkId, deadline())).toMatchObject({ linkId: own.linkId });
    expect(await links.findRepairTarget(other.tenantId, own.linkId, deadline())).toBeUndefined();
    const overview = new LinkOverviewStore((await scratch.open('admin')).dataSource);
    const ids = async (tenantId: TenantId) => (await overview.list(tenantId, undefined, 100)).map(({ id }) => id);
    expect(await ids(own.tenantId)).toContain(own.linkId);
    expect(await ids(other.tenantId)).not.toContain(own.linkId);
    expect(await overview.isLive(other.tenantId, own.linkId)).toBeUndefined();
  });

  test("another tenant's token set is not overwritten", async () => {
    const sets = new TokenSetsStore(broker);
    const set = {
      id: own.tokenSetId,
      connectorId: own.connectorId,
      subject: 'sub-1',
      domain: Buffer.alloc(32),
      version: 2,
      scopes: [],
      hasRefreshToken: false,
      accessExpiresAt: null,
      refreshExpiresAt: null,
      freshRefreshToken: false,
      activeDueAt: null,
      dormantDueAt: null,
      sealed: Buffer.from('stolen'),
    };
    await expect(sets.store(other.tenantId, set, new Date(), deadline())).rejects.toThrow();
    const [row] = await scratch.sql<{ version: number }>(
      'SELECT version FROM linkbroker.upstream_token_sets WHERE id = $1',
      [own.tokenSetId],
    );
    expect(row?.version).toBe(1);
  });

  test("a link cannot be completed on another tenant's skill", async () => {
    const links = new LinksStore(broker);
    const completion = {
      skillId: own.skillId,
      connectorId: own.connectorId,
      subject: 'sub-2',
      tokenSetId: own.tokenSetId,
      newLinkId: randomUUID(),
      grantId: randomUUID(),
      codeHash: Buffer.alloc(32),
      codeExpiresAt: new Date(),
      redirectUri: 'https://a.example',
      codeChallenge: null,
      scopes: [],
    };
    await expect(links.complete(other.tenantId, completion, new Date(), deadline())).rejects.toThrow(/foreign key/);
  });

  test('connectors are not found', async () => {
    const open = () => Promise.resolve(Buffer.from('secret'));
    const connectors = new ConnectorsStore(broker, open);
    const found: Connector | undefined = await connectors.find(own.tenantId, own.connectorId, deadline());
    expect(found).toMatchObject({ slug: 'home', clientSecret: 'secret', tenantSlug: own.tenantSlug });
    expect(await connectors.find(other.tenantId, own.connectorId, deadline())).toBeUndefined();
    expect(await connectors.resolve(own.tenantSlug, 'home', deadline())).toEqual({
      tenantId: own.tenantId,
      connectorId: own.connectorId,
    });
    expect(await connectors.resolve(own.tenantSlug, 'nothing', deadline())).toBeUndefined();
  });

  test('data keys are not found', async () => {
    const keys = new KeysStore(broker);
    const key = { id: randomUUID(), masterKeyId: 'k1', wrapped: Buffer.from('wrapped') };
    await keys.addDataKey(own.tenantId, key, deadline());
    await keys.addDataKey(own.tenantId, { ...key, id: randomUUID() }, deadline());
    expect(await keys.dataKeys(own.tenantId, deadline())).toEqual([key]);
    expect(await keys.dataKeys(other.tenantId, deadline())).toEqual([]);
  });

  test('configuration is neither read, counted nor changed', async () => {
    const store = new ConfigurationStore((await scratch.open('admin')).dataSource);
    expect(await store.resolveTenant(own.tenantSlug)).toBe(own.tenantId);
    expect((await store.read(own.tenantId)).skills).toHaveLength(1);
    await expect(store.read(asTenantId(randomUUID()))).rejects.toThrow();
    expect(await store.countLiveGrants(other.tenantId, [own.skillId], [])).toBe(0);
    await store.write(other.tenantId, [{ kind: 'remove-skill', id: own.skillId }], new Date());
    await store.write(other.tenantId, [{ kind: 'remove-client', clientId: own.clientId }], new Date());
    expect((await store.read(own.tenantId)).skills[0]?.clients).toHaveLength(1);
  });
});

describe('the role an app connects as', () => {
  test('is refused when row-level security would not bind it', async () => {
    await expect(openDatabase(scratch.superuserUrl, 1)).rejects.toThrow(/superuser.*owns the tables/);
    await scratch.sql(`ALTER ROLE ${roleOf(scratch.urls.worker)} BYPASSRLS`);
    await expect(openDatabase(scratch.urls.worker, 1)).rejects.toThrow(/BYPASSRLS/);
  });
});

const roleOf = (url: string): string => new URL(url).username;
