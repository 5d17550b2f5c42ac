import { fileOf, MemoryStore, needsOf, skillOf, tenantOf } from '../test/memory-store.js';
import { applyConfig, type ApplyOptions } from './apply-config.js';
import { eventsSecretPlace } from './configuration.js';

const OPTIONS: ApplyOptions = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };
const EVENTS = { clientId: 'amzn1.application-oa2-client.1', clientSecret: 'lwa-secret', region: 'eu' };

type Fields = Record<string, unknown>;
const eventSkill = (change: Fields = {}): Fields => skillOf('lights', { events: { ...EVENTS, ...change } });

function broker() {
  const store = new MemoryStore();
  const needs = needsOf(store);
  const apply = async (skill: Fields): Promise<string[]> =>
    (await applyConfig(needs, fileOf(tenantOf([skill])), OPTIONS)).flatMap(({ lines }) => lines);
  const stored = () => {
    const [tenant] = [...store.tenants.values()];
    const [entry] = [...tenant!.skills];
    return { tenantId: tenant!.id, skillId: entry![0], fields: entry![1] };
  };
  return { needs, apply, stored };
}

it('the client for events is written with its secret sealed for the skill, and applying again changes nothing', async () => {
  const { needs, apply, stored } = broker();
  await apply(eventSkill());
  const { tenantId, skillId, fields } = stored();
  expect(fields.events).toEqual({ clientId: EVENTS.clientId, region: 'eu' });
  const opened = await needs.open(eventsSecretPlace(tenantId, skillId), fields.eventsSecret!, 0);
  expect(opened.toString()).toBe('lwa-secret');
  expect(await apply(eventSkill())).toEqual([]);
});

it.each([
  [{ clientSecret: 'new' }, ['~ skill lights: eventsSecret']],
  [{ region: 'fe' }, ['~ skill lights: events']],
  [{ clientId: 'other' }, ['~ skill lights: events']],
])('a change to %j is told, and no secret with it', async (change, expected) => {
  const { apply } = broker();
  await apply(eventSkill());
  expect(await apply(eventSkill(change))).toEqual(expected);
});

it('taking it off takes its secret with it', async () => {
  const { apply, stored } = broker();
  await apply(eventSkill());
  expect(await apply(skillOf('lights'))).toEqual(['~ skill lights: events, eventsSecret']);
  expect(stored().fields).toMatchObject({ events: null, eventsSecret: null });
});
