import { createTenantFixture } from '../../test/tenant-fixture.js';
import { ClientsStore, ConfigurationStore, type SkillFields } from '../index.js';
import { createScratchDatabase, type ScratchDatabase } from '../testing/index.js';

const NOW = new Date('2026-11-01T00:00:00Z');
const deadline = () => performance.now() + 10_000;

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await createScratchDatabase();
});
afterAll(() => scratch.close());

test('what a skill says of it is written, resolved, and kept apart from codes', async () => {
  const own = await createTenantFixture(scratch);
  const store = new ConfigurationStore((await scratch.open('admin')).dataSource);
  const clients = new ClientsStore((await scratch.open('broker')).database);
  const write = async (change: Partial<SkillFields>): Promise<void> => {
    const [skill] = (await store.read(own.tenantId)).skills;
    const { id, webhooks: _, connectorIds: __, clients: ___, ...fields } = skill!;
    await store.write(own.tenantId, [{ kind: 'update-skill', id, fields: { ...fields, ...change } }], NOW);
  };
  const resolved = async () => (await clients.resolve(own.clientId, deadline()))?.skill;
  expect(await resolved()).not.toHaveProperty('implicitTokenTtl');
  const appToApp = {
    authorizationUrlsByPlatform: [{ platform: 'iOS', url: 'https://app.example/a' }],
    redirectUrls: [],
  };
  await write({ grantTypes: ['implicit'], implicitTokenTtl: 7_200, appToApp } as Partial<SkillFields>);
  expect(await resolved()).toMatchObject({ implicitTokenTtl: 7_200, grantTypes: ['implicit'] });
  expect((await store.read(own.tenantId)).skills[0]).toMatchObject({ implicitTokenTtl: 7_200, appToApp });
  await expect(write({ implicitTokenTtl: null })).rejects.toThrow(/skills_implicit_check/);
});
