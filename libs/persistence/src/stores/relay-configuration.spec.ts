import { createTenantFixture, type TenantFixture } from '../../test/tenant-fixture.js';
import { ClientsStore, ConfigurationStore, type SkillFields } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

let scratch: ScratchDatabase;
let store: ConfigurationStore;
let clients: ClientsStore;
let own: TenantFixture;
let other: TenantFixture;
const now = new Date('2026-11-22T12:00:00Z');
const deadline = () => performance.now() + 10_000;
const relay: SkillFields['relay'] = {
  authorizationUrl: 'https://id.example/authorize',
  tokenUrl: 'https://id.example/token',
  clientId: null,
  scheme: 'HTTP_BASIC',
};
// Long enough for base64 with line breaks.
const relaySecret = Buffer.alloc(90, 'sealed');

beforeAll(async () => {
  scratch = await createScratchDatabase();
  store = new ConfigurationStore((await scratch.open('admin')).dataSource);
  clients = new ClientsStore((await scratch.open('broker')).database);
});
afterAll(() => scratch.close());
beforeEach(async () => {
  own = await createTenantFixture(scratch);
  other = await createTenantFixture(scratch);
});

async function write(tenant: TenantFixture, change: Partial<SkillFields>): Promise<void> {
  const [skill] = (await store.read(own.tenantId)).skills;
  const { id, webhooks: _, connectorIds: __, clients: ___, ...fields } = skill!;
  await store.write(tenant.tenantId, [{ kind: 'update-skill', id, fields: { ...fields, ...change } }], now);
}
const resolved = async () => (await clients.resolve(own.clientId, deadline()))?.skill;

test('a relay is read as it was written, and taken off', async () => {
  expect(await resolved()).not.toHaveProperty('relay');
  await write(own, { relay, relaySecret });
  expect((await store.read(own.tenantId)).skills[0]).toMatchObject({ relay, relaySecret });
  const found = (await resolved())?.relay;
  expect(found).toEqual({ ...relay, sealedSecret: expect.any(String) as string });
  expect(Buffer.from(found?.sealedSecret ?? '', 'base64')).toEqual(relaySecret);
  await write(own, { relay, relaySecret: null });
  expect((await resolved())?.relay).toEqual({ ...relay, sealedSecret: null });
  await write(own, { relay: null, relaySecret: null });
  expect(await resolved()).not.toHaveProperty('relay');
});

test('a secret without a relay is refused', async () => {
  await expect(write(own, { relay: null, relaySecret })).rejects.toThrow(/skills_relay_check/);
});

test('another tenant cannot give a skill a relay', async () => {
  await write(other, { relay, relaySecret });
  expect(await resolved()).not.toHaveProperty('relay');
});

test('a removed skill is a tombstone without the secret', async () => {
  await write(own, { relay, relaySecret });
  await store.write(own.tenantId, [{ kind: 'remove-skill', id: own.skillId }], now);
  const rows = await scratch.sql('SELECT relay, relay_secret FROM linkbroker.skills WHERE id = $1', [own.skillId]);
  expect(rows).toEqual([{ relay, relay_secret: null }]);
});
