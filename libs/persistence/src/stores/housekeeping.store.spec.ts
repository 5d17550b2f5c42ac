import { FixedClock, liveGrant, pendingGrant, type GrantsFixture } from '@linkbroker/testing';
import { randomUUID } from 'node:crypto';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { ClientsStore, GrantsStore, HousekeepingStore, LinksStore, SeenSecrets } from '../index.js';

let scratch: ScratchDatabase;
let own: TenantFixture;
let fixture: GrantsFixture;
let housekeeping: HousekeepingStore;
let clients: ClientsStore;
const deadline = () => performance.now() + 10_000;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const broker = await scratch.open('broker');
  own = await createTenantFixture(scratch);
  housekeeping = new HousekeepingStore((await scratch.open('worker')).database);
  clients = new ClientsStore(broker.database);
  const links = new LinksStore(broker.database);
  fixture = {
    grants: new GrantsStore(broker.database),
    ...own,
    other: own,
    issue: async (tenantId, pending) => {
      const completion = {
        ...pending,
        connectorId: own.connectorId,
        subject: 'sub-1',
        tokenSetId: own.tokenSetId,
        newLinkId: randomUUID(),
      };
      await links.complete(tenantId, completion, new Date('2026-01-01'), deadline());
    },
  };
});
afterAll(() => scratch.close());

test('expired pending grants go in batches; live ones and fresh codes stay', async () => {
  const clock = new FixedClock();
  await liveGrant(fixture, clock);
  for (let count = 0; count < 3; count += 1) await fixture.issue(own.tenantId, pendingGrant(fixture, clock).pending);
  const before = new Date(clock.now().getTime() + 599_000);
  expect(await housekeeping.expirePendingGrants(before, 2, deadline())).toBe(0);
  const after = new Date(clock.now().getTime() + 601_000);
  expect(await housekeeping.expirePendingGrants(after, 2, deadline())).toBe(2);
  expect(await housekeeping.expirePendingGrants(after, 2, deadline())).toBe(1);
  const [left] = await scratch.sql<{ count: string }>('SELECT count(*) FROM linkbroker.grants');
  expect(left?.count).toBe('1');
});

test('a replaced secret retires only after thirty days unseen', async () => {
  const clock = new FixedClock();
  const [current, unseen, used] = [randomUUID(), randomUUID(), randomUUID()];
  const insert = `INSERT INTO linkbroker.client_secrets (id, tenant_id, client_id, hash, superseded_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6)`;
  await scratch.sql(insert, [current, own.tenantId, own.clientId, 'h1', null, null]);
  await scratch.sql(insert, [unseen, own.tenantId, own.clientId, 'h2', clock.now(), null]);
  await scratch.sql(insert, [used, own.tenantId, own.clientId, 'h3', clock.now(), null]);
  clock.advance({ days: 29 });
  const seen = new SeenSecrets(clients);
  seen.note(used);
  await seen.flush(clock.now());
  expect(await housekeeping.retireClientSecrets(clock.now(), deadline())).toBe(0);
  clock.advance({ days: 2 });
  expect(await housekeeping.retireClientSecrets(clock.now(), deadline())).toBe(1);
  const client = await clients.resolve(own.clientId, deadline());
  expect(client?.secrets.map(({ id }) => id).sort()).toEqual([current, used].sort());
  clock.advance({ days: 30 });
  expect(await housekeeping.retireClientSecrets(clock.now(), deadline())).toBe(1);
});

test('the journal of refreshes forgets what ended long ago, and nothing that is still open', async () => {
  const now = new Date('2026-01-08T00:00:00Z');
  const old = new Date('2026-01-01T00:00:00Z');
  const attempt = `INSERT INTO linkbroker.upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at, ended_at)
    VALUES ($1, $2, $3, $4, 1, 1, $5, $6)`;
  const about = [own.tenantId, own.tokenSetId, own.connectorId];
  const [open, recent] = [randomUUID(), randomUUID()];
  for (let count = 0; count < 3; count += 1) await scratch.sql(attempt, [randomUUID(), ...about, old, old]);
  await scratch.sql(attempt, [open, ...about, old, null]);
  await scratch.sql(attempt, [recent, ...about, now, now]);
  expect(await housekeeping.forgetRefreshAttempts(now, 2, deadline())).toBe(2);
  expect(await housekeeping.forgetRefreshAttempts(now, 2, deadline())).toBe(1);
  const left = await scratch.sql<{ id: string }>('SELECT id FROM linkbroker.upstream_refresh_attempts');
  expect(new Set(left.map(({ id }) => id))).toEqual(new Set([open, recent]));
});
