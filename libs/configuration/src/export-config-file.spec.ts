import type { ConfigFile } from '@linkbroker/contracts';
import { connectorOf, MemoryStore, needsOf, skillOf } from '../test/memory-store.js';
import { applyConfig } from './apply-config.js';
import { exportConfigFile } from './export-config-file.js';
import { readConfigFile } from './read-config-file.js';

const OPTIONS = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };

const CONFIG = {
  tenants: [
    {
      slug: 'acme',
      name: 'Acme ${not a variable}',
      timelineDays: 7,
      connectors: [connectorOf('home'), connectorOf('work', { scopes: ['openid'], revokeUpstream: 'never' })],
      skills: [
        skillOf('lights', {
          connectors: ['work', 'home'],
          scopes: ['lights'],
          vendorId: 'M3KVOEXUO4ALBL',
          redirectUris: ['https://app.example.com/back'],
          pkce: 'required',
          refreshKeep: 5,
          branding: { color: '#102030' },
          backend: { clientId: 'lights-backend', clientSecrets: ['b1', 'b2'] },
          events: { clientId: 'lwa', clientSecret: 'e', region: 'fe', reciprocal: true },
          webhooks: [{ url: 'https://hooks.example.com/x', events: ['link.dead', 'link.created'] }],
        }),
        skillOf('old', {
          connectors: undefined,
          relay: {
            authorizationUrl: 'https://old.example.com/a',
            tokenUrl: 'https://old.example.com/t',
            clientSecret: 'r',
          },
        }),
        skillOf('custom', { connectors: ['home'], grantTypes: ['implicit'], implicitTokenTtl: 7_200 }),
      ],
    },
  ],
};
const ENVIRONMENT = {
  ACME_HOME_SECRET: 'home-secret',
  ACME_WORK_SECRET: 'work-secret',
  ACME_LIGHTS_BACKEND_1_SECRET: 'b1',
  ACME_LIGHTS_BACKEND_2_SECRET: 'b2',
  ACME_LIGHTS_EVENTS_SECRET: 'e',
  ACME_OLD_RELAY_SECRET: 'r',
};

it('a tenant that is exported and applied again is what it was', async () => {
  const needs = needsOf(new MemoryStore());
  const text = JSON.stringify(CONFIG).replaceAll('${', '$${');
  const config: ConfigFile = readConfigFile(text, {});
  await applyConfig(needs, config, OPTIONS);
  const tenantId = await needs.store.resolveTenant('acme');
  const exported = exportConfigFile('acme', await needs.store.read(tenantId!));
  expect(exported).not.toMatch(/home-secret|work-secret|\bb1\b|whsec_/);
  const secrets = Object.fromEntries(
    config.tenants[0]!.skills.map(({ slug, clientSecret }) => [`ACME_${slug.toUpperCase()}_SECRET`, clientSecret]),
  );
  const again = readConfigFile(exported, { ...ENVIRONMENT, ...secrets });
  expect(again.tenants[0]?.name).toBe('Acme ${not a variable}');
  const [applied] = await applyConfig(needs, again, { ...OPTIONS, prune: true, liveGrants: 0 });
  expect(applied).toEqual({ slug: 'acme', lines: [], once: [] });
});

it('what is missing in the environment is named, with its line', async () => {
  const needs = needsOf(new MemoryStore());
  await applyConfig(needs, readConfigFile(JSON.stringify(CONFIG).replaceAll('${', '$${'), {}), OPTIONS);
  const exported = exportConfigFile('acme', await needs.store.read((await needs.store.resolveTenant('acme'))!));
  expect(() => readConfigFile(exported, {})).toThrow(/line \d+: environment variable ACME_HOME_SECRET is not set/);
});
