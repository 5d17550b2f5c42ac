import { ConfigError } from '@linkbroker/contracts';
import { fileOf, MemoryStore, needsOf, skillOf, tenantOf } from '../test/memory-store.js';
import { applyConfig, type ApplyOptions } from './apply-config.js';
import { relaySecretPlace } from './configuration.js';

const OPTIONS: ApplyOptions = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };
const RELAY = { authorizationUrl: 'https://id.example/authorize', tokenUrl: 'https://id.example/token' };

type Fields = Record<string, unknown>;
const relaySkill = (relay: Fields = {}): Fields =>
  skillOf('lights', { connectors: undefined, relay: { ...RELAY, ...relay } });

function broker() {
  const store = new MemoryStore();
  const needs = needsOf(store);
  const apply = async (skill: Fields, options: Partial<ApplyOptions> = {}): Promise<string[]> => {
    const applied = await applyConfig(needs, fileOf(tenantOf([skill])), { ...OPTIONS, ...options });
    return applied.flatMap(({ lines }) => lines);
  };
  const stored = () => {
    const [tenant] = [...store.tenants.values()];
    const [entry] = [...tenant!.skills];
    return { tenantId: tenant!.id, skillId: entry![0], fields: entry![1] };
  };
  return { needs, store, apply, stored };
}

it('a relay is written with its secret sealed for the skill, and applying again changes nothing', async () => {
  const { needs, apply, stored } = broker();
  const skill = relaySkill({ clientId: 'theirs', clientSecret: 'their-secret', scheme: 'HTTP_BASIC' });
  const lines = await apply(skill);
  expect(lines).toEqual([
    '+ tenant acme',
    '+ connector home',
    '+ skill lights',
    '+ skill lights: alexa client alexa-lights',
    '+ skill lights: alexa client secret',
  ]);
  const { tenantId, skillId, fields } = stored();
  expect(fields.relay).toEqual({ ...RELAY, clientId: 'theirs', scheme: 'HTTP_BASIC' });
  const place = relaySecretPlace(tenantId, skillId);
  expect((await needs.open(place, fields.relaySecret!, 0)).toString()).toBe('their-secret');
  expect(await apply(skill)).toEqual([]);
});

it('without a secret of its own there is nothing sealed', async () => {
  const { apply, stored } = broker();
  await apply(relaySkill());
  expect(stored().fields).toMatchObject({ relaySecret: null, relay: { clientId: null } });
});

it.each([
  [{ clientSecret: 'new' }, ['~ skill lights: relaySecret']],
  [{ clientSecret: undefined }, ['~ skill lights: relaySecret']],
  [{ tokenUrl: 'https://id.example/v2/token' }, ['~ skill lights: relay']],
  [{ scheme: 'HTTP_BASIC' }, ['~ skill lights: relay']],
])('a change to %j is told, and no secret with it', async (change, expected) => {
  const { apply } = broker();
  await apply(relaySkill({ clientSecret: 'old' }));
  expect(await apply(relaySkill({ clientSecret: 'old', ...change }))).toEqual(expected);
});

it('a skill can be given a relay in the place of its connectors', async () => {
  const { apply } = broker();
  await apply(skillOf('lights'));
  expect(await apply(relaySkill())).toEqual(['~ skill lights: relay', '~ skill lights: connectors none']);
});

it('a relay is taken off only by who says that its households may be unlinked', async () => {
  const { apply, store } = broker();
  await apply(relaySkill());
  const before = store.written.length;
  for (const dryRun of [true, false]) {
    await expect(apply(skillOf('lights'), { dryRun })).rejects.toThrow(ConfigError);
    await expect(apply(skillOf('lights'), { dryRun })).rejects.toThrow(/skill lights would unlink.*--prune/);
  }
  expect(store.written).toHaveLength(before);
  expect(await apply(skillOf('lights'), { prune: true })).toEqual([
    '~ skill lights: relay',
    '~ skill lights: connectors home',
  ]);
});
