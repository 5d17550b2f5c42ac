import { applyConfig, readConfigFile, type ApplyOptions, type ConfigurationNeeds } from '@linkbroker/configuration';
import { ClientIdTaken, ConfigurationStore, KeysStore } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { createLogger } from '@linkbroker/telemetry';
import { noteSecret, noteSecretsIn, watchedLog } from '@linkbroker/testing';
import { hashSecret, parseMasterKeys, Vault, verifySecret } from '@linkbroker/vault';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { adminEnvironment } from '../test/admin-environment.js';
import { createAdmin } from './index.js';

const MASTER_KEYS = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
let database: ScratchDatabase;
let needs: ConfigurationNeeds;
beforeAll(async () => {
  database = await createScratchDatabase();
  const opened = await database.open('admin');
  const vault = new Vault(parseMasterKeys(MASTER_KEYS), new KeysStore(opened.database));
  needs = {
    now: () => new Date(),
    newId: randomUUID,
    newClientSecret: () => noteSecret('client secret', randomBytes(32).toString('base64url')),
    newSigningSecret: () => noteSecret('webhook secret', `whsec_${randomBytes(32).toString('base64')}`),
    hashSecret,
    verifySecret,
    seal: vault.seal.bind(vault),
    open: vault.open.bind(vault),
    store: new ConfigurationStore(opened.dataSource),
  };
});
afterAll(() => database.close());

const CONFIG = `
tenants:
  - slug: acme
    name: Acme
    connectors:
      - { slug: home, provider: oidc, issuer: https://id.example.com, clientId: broker, clientSecret: upstream-secret }
      - { slug: spare, provider: oidc, issuer: https://spare.example.com, clientId: broker, clientSecret: upstream-secret }
    skills:
      - { slug: lights, name: Lights, clientId: alexa-lights, clientSecret: s1, vendorId: M3KVOEXUO4ALBL, connectors: [home], backend: { clientId: backend, clientSecret: b1 } }
      - { slug: lamps, name: Lamps, clientId: alexa-lamps, clientSecret: s2, vendorId: M3KVOEXUO4ALBL, connectors: [spare] }
`;

async function apply(
  change: (yaml: string) => string = (yaml) => yaml,
  options: Partial<ApplyOptions> = {},
): Promise<readonly string[]> {
  const all: ApplyOptions = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false, ...options };
  const config = readConfigFile(change(CONFIG), {});
  noteSecretsIn(config);
  return (await applyConfig(needs, config, all)).flatMap(({ lines }) => lines);
}

describe('applying a config file to a real database', () => {
  test('makes everything, then nothing', async () => {
    expect(await apply((yaml) => yaml, { dryRun: true })).toContain('+ tenant acme');
    expect(await needs.store.resolveTenant('acme')).toBeUndefined();
    expect(await apply()).toContain('+ skill lights');
    expect(await apply()).toEqual([]);
  });

  test('keeps timelines as long as the file says', async () => {
    expect(await apply((yaml) => yaml.replace('name: Acme', 'name: Acme\n    timelineDays: 90'))).toEqual([
      '~ tenant acme: timelineDays',
    ]);
    const [row] = await database.sql<{ timeline_days: number }>('SELECT timeline_days FROM linkbroker.tenants');
    expect(row?.timeline_days).toBe(90);
    expect(await apply()).toEqual(['~ tenant acme: timelineDays']);
  });

  test('changes what changed, and adds a secret without retiring the old one', async () => {
    const changed = (yaml: string) =>
      yaml.replace('name: Lights', 'name: Bright Lights').replace('clientSecret: s1', 'clientSecret: s9');
    const lines = await apply(changed);
    expect(lines).toEqual([
      '~ skill lights: name',
      '+ skill lights: alexa client secret',
      '~ skill lights: replaced alexa client secret retires after 30 days unseen',
    ]);
    expect(await apply(changed)).toEqual([]);
    const [live] = await database.sql<{ count: string }>(
      `SELECT count(*) FROM linkbroker.client_secrets WHERE client_id = 'alexa-lights' AND retired_at IS NULL`,
    );
    expect(live?.count).toBe('2');
    await apply();
  });

  test("does not take another tenant's client id, and then changes nothing", async () => {
    const rival = (yaml: string) =>
      yaml.replace('slug: acme', 'slug: rival').replace('clientId: alexa-lamps', 'clientId: alexa-other');
    await expect(apply(rival)).rejects.toThrow(ClientIdTaken);
    const rivalId = await needs.store.resolveTenant('rival');
    expect((await needs.store.read(rivalId!)).skills).toEqual([]);
  });

  test('prunes only when asked, and only with the count of what it would unlink', async () => {
    const without = (yaml: string) =>
      yaml
        .split('\n')
        .filter((line) => !/lamps|spare/.test(line))
        .join('\n');
    expect(await apply(without)).toEqual([]);
    await liveGrantOf('lamps');
    await expect(apply(without, { prune: true })).rejects.toThrow(/--live-grants 1/);
    await expect(apply(without, { prune: true, liveGrants: 2 })).rejects.toThrow(/--live-grants 1/);
    expect(await apply(without, { prune: true, liveGrants: 1 })).toEqual(['- skill lamps', '- connector spare']);
    const [grant] = await database.sql<{ revoke_reason: string }>('SELECT revoke_reason FROM linkbroker.grants');
    expect(grant?.revoke_reason).toBe('skill removed');
    expect(await apply()).toContain('+ skill lamps');
  });
});

async function liveGrantOf(slug: string): Promise<void> {
  const [found] = await database.sql<{ id: string; tenant_id: string; connector_id: string }>(
    `SELECT s.id, s.tenant_id, c.connector_id FROM linkbroker.skills s JOIN linkbroker.skill_connectors c ON c.skill_id = s.id WHERE s.slug = $1`,
    [slug],
  );
  const [set, link] = [randomUUID(), randomUUID()];
  const own = [found?.tenant_id, found?.connector_id];
  await database.sql(
    `INSERT INTO linkbroker.upstream_token_sets (id, tenant_id, connector_id, subject, scopes, has_refresh_token, version, fence, sealed, updated_at) VALUES ($1, $2, $3, 's', '{}', false, 1, 1, '', now())`,
    [set, ...own],
  );
  await database.sql(
    `INSERT INTO linkbroker.links (id, tenant_id, connector_id, skill_id, subject, token_set_id) VALUES ($1, $2, $3, $4, 's', $5)`,
    [link, ...own, found?.id, set],
  );
  await database.sql(
    `INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, code_hash, redirect_uri, scopes) VALUES ($1, $2, $3, $4, now(), now(), now(), $5, 'r', '{}')`,
    [randomUUID(), found?.tenant_id, found?.id, link, randomBytes(32)],
  );
}

test('the status page tells version, migrations and stores, and no tenant', async () => {
  const env = adminEnvironment(database, MASTER_KEYS);
  const admin = await createAdmin(
    env,
    createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') }),
    '9.9.9',
  );
  try {
    await admin.app.init();
    const page = await admin.app.inject('/status');
    expect(page.statusCode).toBe(200);
    for (const text of ['9.9.9', 'postgres', 'redis', 'is ready']) expect(page.body).toContain(text);
    expect(page.body).toMatch(/Newest migration: <strong>[A-Z]\w+\d{13}</);
    expect(page.body).not.toMatch(/acme/i);
    expect((await admin.app.inject('/health/ready')).json()).toEqual({
      ready: true,
      checks: { postgres: 'ok', redis: 'ok' },
    });
  } finally {
    await admin.close();
  }
});

test('the status page keeps its style under its own content security policy', async () => {
  const env = adminEnvironment(database, MASTER_KEYS);
  const admin = await createAdmin(
    env,
    createLogger({ app: 'admin', level: 'info', destination: watchedLog('admin') }),
    '9.9.9',
  );
  try {
    await admin.app.init();
    const page = await admin.app.inject('/status');
    const style = /<style>([\s\S]*?)<\/style>/.exec(page.body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.headers['content-security-policy']).toContain(`'sha256-${hash}'`);
  } finally {
    await admin.close();
  }
});
