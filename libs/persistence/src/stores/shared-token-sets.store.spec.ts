import { randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { DueTokenSetsStore, SharedTokenSetsStore, TokenSetsStore, type ClaimedTokenSet } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const deadline = () => performance.now() + 10_000;

let scratch: ScratchDatabase;
let shared: SharedTokenSetsStore;
let due: DueTokenSetsStore;
let tenants: TenantFixture[];

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { database } = await scratch.open('worker');
  shared = new SharedTokenSetsStore(database);
  due = new DueTokenSetsStore(database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  tenants = [await createTenantFixture(scratch), await createTenantFixture(scratch)];
  await scratch.sql('UPDATE linkbroker.upstream_token_sets SET refresh_due_at = NULL');
});

const sql = <Row extends object>(text: string, values?: unknown[]): Promise<Row[]> => scratch.sql<Row>(text, values);

/** Due sets of a tenant's connector, each with a living grant. */
async function dueSets(
  { tenantId, skillId, connectorId }: TenantFixture,
  count: number,
  minutesAgo = 1,
): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const [set, link, grant, subject] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await sql(
      `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at, refresh_due_at)
       VALUES ($1, $2, $3, $4, '{}', true, 1, 1, '', now(), now() - make_interval(mins => $5))`,
      [set, tenantId, connectorId, subject, minutesAgo],
    );
    await sql(
      'INSERT INTO linkbroker.links (id, tenant_id, skill_id, connector_id, subject, token_set_id) VALUES ($1, $2, $3, $4, $5, $6)',
      [link, tenantId, skillId, connectorId, subject, set],
    );
    await sql(
      `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes)
       VALUES ($1, $2, $3, $4, now(), now(), now(), sha256($5), 'r', '{}')`,
      [grant, tenantId, skillId, link, grant],
    );
  }
}

const claim = (limit: number, perConnector = limit) =>
  due.claimDue(new Date(), { limit, perConnector, leaseMs: 30_000 }, deadline());
const finished = ({ id, fence, attemptId, version }: ClaimedTokenSet) => ({
  ...{ setId: id, fence, attemptId, version: version + 1, scopes: ['a', 'b'], hasRefreshToken: true },
  ...{ accessExpiresAt: new Date(), refreshExpiresAt: null, activeDueAt: null, dormantDueAt: null },
  sealed: Buffer.from(id),
});
const outcomes = () =>
  sql<{ outcome: string | null; sent: boolean; count: string }>(
    'SELECT outcome, sent_at IS NOT NULL AS sent, count(*) FROM linkbroker.upstream_refresh_attempts WHERE tenant_id = ANY ($1) GROUP BY 1, 2',
    [tenants.map(({ tenantId }) => tenantId)],
  );

describe('a crowd of refreshes', () => {
  test('of several tenants is marked and stored as each alone would be', async () => {
    for (const tenant of tenants) await dueSets(tenant, 20);
    const claimed = await claim(40);
    expect(claimed).toHaveLength(40);
    const marks = claimed.map((set) => shared.markSent(set.tenantId, { ...set, setId: set.id }, deadline()));
    expect(new Set(await Promise.all(marks))).toEqual(new Set([true]));
    const stored = claimed.map((set) => shared.finish(set.tenantId, finished(set), new Date(), deadline()));
    expect(new Set(await Promise.all(stored))).toEqual(new Set([true]));
    expect(await outcomes()).toEqual([{ outcome: 'stored', sent: true, count: '40' }]);
    const alone = new TokenSetsStore((await scratch.open('worker')).database);
    for (const { tenantId, id } of claimed) {
      const set = await alone.find(tenantId, id, deadline());
      expect(set).toMatchObject({ version: 2, scopes: ['a', 'b'], leased: false, sealed: Buffer.from(id) });
    }
  });

  test('refuses in it whoever names another tenant or an old fence, and nobody else', async () => {
    const [one, other] = tenants as [TenantFixture, TenantFixture];
    await dueSets(one, 12);
    const claimed = await claim(12);
    const asTenant = (index: number) => (index % 3 === 0 ? other.tenantId : one.tenantId);
    const fence = (set: ClaimedTokenSet, index: number) => (index % 3 === 1 ? set.fence - 1 : set.fence);
    const marks = claimed.map((set, index) =>
      shared.markSent(asTenant(index), { ...set, setId: set.id, fence: fence(set, index) }, deadline()),
    );
    expect(await Promise.all(marks)).toEqual(claimed.map((_, index) => index % 3 === 2));
    const stored = claimed.map((set, index) =>
      shared.finish(asTenant(index), { ...finished(set), fence: fence(set, index) }, new Date(), deadline()),
    );
    expect(await Promise.all(stored)).toEqual(claimed.map((_, index) => index % 3 === 2));
  });
});

describe('a claim', () => {
  test('leaves room for a connector whose sets are younger than the storm of another', async () => {
    const [storm, other] = tenants as [TenantFixture, TenantFixture];
    await dueSets(storm, 30, 60);
    await dueSets(other, 3, 1);
    const claimed = await claim(16, 8);
    const of = ({ connectorId }: TenantFixture) => claimed.filter((set) => set.connectorId === connectorId).length;
    expect([of(storm), of(other)]).toEqual([8, 3]);
  });

  test('does not take a set again whose lease ran out, until its attempt has been ended', async () => {
    const [one] = tenants as [TenantFixture];
    await dueSets(one, 1);
    const [set] = await claim(1);
    expect(await claim(1)).toEqual([]);
    await sql(`UPDATE linkbroker.upstream_token_sets SET lease_until = now() - interval '1 second' WHERE id = $1`, [
      set!.id,
    ]);
    await sql(`UPDATE linkbroker.upstream_refresh_attempts SET began_at = now() - interval '1 minute' WHERE id = $1`, [
      set!.attemptId,
    ]);
    expect(await claim(1)).toEqual([]);
    expect(await due.endLost(new Date(), 10, deadline())).toMatchObject([{ setId: set!.id, sent: false }]);
    expect(await claim(1)).toMatchObject([{ id: set!.id, fence: set!.fence + 1 }]);
  });
});
