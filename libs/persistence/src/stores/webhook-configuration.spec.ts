import { EVENT_TYPES } from '@linkbroker/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { createWebhook, eventsOf } from '../../test/webhook-fixture.js';
import { ConfigurationStore, EventLogStore } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let store: ConfigurationStore;
let log: EventLogStore;
let own: TenantFixture;
const now = new Date('2026-11-22T12:00:00Z');
const fields = { url: 'https://hooks.example/a', events: ['link.dead'], secrets: Buffer.from('sealed') };

beforeAll(async () => {
  scratch = await createScratchDatabase();
  const { dataSource } = await scratch.open('admin');
  [store, log] = [new ConfigurationStore(dataSource), new EventLogStore(dataSource)];
});
afterAll(() => scratch.close());
beforeEach(async () => {
  own = await createTenantFixture(scratch);
});

const webhooks = async () => (await store.read(own.tenantId)).skills[0]?.webhooks;
const create = async (webhook = fields): Promise<string> => {
  const id = randomUUID();
  await store.write(own.tenantId, [{ kind: 'create-webhook', id, skillId: own.skillId, webhook }], now);
  return id;
};
const record = () =>
  scratch.sql(`SELECT linkbroker.record_event($1, $2, $3, $4, 'link.dead', '{}', $5)`, [
    ...[own.tenantId, own.skillId, own.connectorId, own.linkId, now],
  ]);
const liveGrant = () =>
  scratch.sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes)
     VALUES ($1, $2, $3, $4, now(), now(), now(), $5, 'r', '{}')`,
    [randomUUID(), own.tenantId, own.skillId, own.linkId, randomBytes(32)],
  );

test('a webhook is read as it was written, changed in place, and used again after it was gone', async () => {
  const id = await create();
  expect(await webhooks()).toEqual([{ id, ...fields, disabled: false }]);
  await scratch.sql('UPDATE linkbroker.webhooks SET disabled_at = now() WHERE id = $1', [id]);
  expect(await webhooks()).toEqual([{ id, ...fields, disabled: true }]);
  const webhook = { ...fields, events: ['link.created'], secrets: Buffer.from('other') };
  await store.write(own.tenantId, [{ kind: 'update-webhook', id, webhook }], now);
  expect(await webhooks()).toEqual([{ id, ...webhook, disabled: false }]);
});

test('a removed webhook is a tombstone without secrets, its address is free, and what was on its way is given up', async () => {
  const id = await create();
  await record();
  await store.write(own.tenantId, [{ kind: 'remove-webhook', id }], now);
  expect(await webhooks()).toEqual([]);
  const [row] = await scratch.sql<{ secrets: Buffer }>('SELECT secrets FROM linkbroker.webhooks WHERE id = $1', [id]);
  expect(row?.secrets).toHaveLength(0);
  expect(await log.list(own.tenantId, null, 10)).toMatchObject([
    { state: 'dead', lastError: 'the webhook was removed' },
  ]);
  const again = await create();
  expect(await webhooks()).toMatchObject([{ id: again }]);
});

test('a removed skill takes its webhooks along', async () => {
  await create();
  await record();
  await store.write(own.tenantId, [{ kind: 'remove-skill', id: own.skillId }], now);
  const [left] = await scratch.sql<{ count: string }>(
    'SELECT count(*) FROM linkbroker.webhooks WHERE tenant_id = $1 AND removed_at IS NULL',
    [own.tenantId],
  );
  expect(left?.count).toBe('0');
  expect(await log.list(own.tenantId, 'pending', 10)).toEqual([]);
});

test('a removed connector ends its links, which is told', async () => {
  await createWebhook(scratch, own, EVENT_TYPES);
  await liveGrant();
  await liveGrant();
  await store.write(own.tenantId, [{ kind: 'remove-connector', id: own.connectorId }], now);
  const events = await eventsOf(scratch, own.tenantId);
  expect(events.map(({ type, data }) => [type, data['link'], data['reason']])).toEqual([
    ['link.revoked', own.linkId, 'connector removed'],
  ]);
});

test('as the wrong tenant no webhook is made, changed or removed', async () => {
  const id = await create();
  const other = await createTenantFixture(scratch);
  const stolen = { ...fields, url: 'https://thief.example' };
  const making = { kind: 'create-webhook', id: randomUUID(), skillId: own.skillId, webhook: stolen } as const;
  await expect(store.write(other.tenantId, [making], now)).rejects.toThrow(/foreign key/);
  await store.write(other.tenantId, [{ kind: 'update-webhook', id, webhook: stolen }], now);
  await store.write(other.tenantId, [{ kind: 'remove-webhook', id }], now);
  expect(await webhooks()).toEqual([{ id, ...fields, disabled: false }]);
});
