import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { ClientsStore, ConfigurationStore, type SkillFields } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let store: ConfigurationStore;
let clients: ClientsStore;
let own: TenantFixture;
const now = new Date('2026-11-22T12:00:00Z');
const events: SkillFields['events'] = { clientId: 'amzn1.application-oa2-client.1', region: 'eu' };
// Long enough for base64 with line breaks.
const eventsSecret = Buffer.alloc(90, 'sealed');

beforeAll(async () => {
  scratch = await createScratchDatabase();
  store = new ConfigurationStore((await scratch.open('admin')).dataSource);
  clients = new ClientsStore((await scratch.open('broker')).database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  own = await createTenantFixture(scratch);
});

async function write(change: Partial<SkillFields>): Promise<void> {
  const [skill] = (await store.read(own.tenantId)).skills;
  const { id, webhooks: _, connectorIds: __, clients: ___, ...fields } = skill!;
  await store.write(own.tenantId, [{ kind: 'update-skill', id, fields: { ...fields, ...change } }], now);
}
const resolved = async () => (await clients.resolve(own.clientId, performance.now() + 10_000))?.skill;

test('the client for events is read as it was written, and taken off', async () => {
  expect(await resolved()).not.toHaveProperty('events');
  await write({ events, eventsSecret });
  expect((await store.read(own.tenantId)).skills[0]).toMatchObject({ events, eventsSecret });
  const found = (await resolved())?.events;
  expect(found).toEqual({ ...events, sealedSecret: expect.any(String) as string });
  expect(Buffer.from(found?.sealedSecret ?? '', 'base64')).toEqual(eventsSecret);
  await write({ events: null, eventsSecret: null });
  expect(await resolved()).not.toHaveProperty('events');
});

test('a secret without a client is refused', async () => {
  await expect(write({ events: null, eventsSecret })).rejects.toThrow(/skills_events_check/);
});

test('a removed skill is a tombstone without the secret and without the tokens of its links', async () => {
  await write({ events, eventsSecret });
  await scratch.sql(
    `INSERT INTO linkbroker.event_grants (id, tenant_id, skill_id, link_id, state, version, fence, sealed, refresh_due_at, created_at, updated_at)
     VALUES (gen_random_uuid(), $1, $2, $3, 'active', 1, 1, '\\x01', now(), now(), now())`,
    [own.tenantId, own.skillId, own.linkId],
  );
  await store.write(own.tenantId, [{ kind: 'remove-skill', id: own.skillId }], now);
  const rows = await scratch.sql('SELECT events_secret FROM linkbroker.skills WHERE id = $1', [own.skillId]);
  expect(rows).toEqual([{ events_secret: null }]);
  const grants = await scratch.sql(
    'SELECT state, sealed, refresh_due_at FROM linkbroker.event_grants WHERE link_id = $1',
    [own.linkId],
  );
  expect(grants).toEqual([{ state: 'ended', sealed: null, refresh_due_at: null }]);
});
