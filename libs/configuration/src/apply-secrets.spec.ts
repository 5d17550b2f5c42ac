import { ConfigError } from '@linkbroker/contracts';
import { connectorOf, fileOf, MemoryStore, needsOf, skillOf, tenantOf } from '../test/memory-store.js';
import { applyConfig, type ApplyOptions } from './apply-config.js';

const OPTIONS: ApplyOptions = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };
const CLIENT = 'alexa-lights';

function broker() {
  const store = new MemoryStore();
  const needs = needsOf(store);
  const apply = async (tenant: Record<string, unknown>, options: Partial<ApplyOptions> = {}): Promise<string[]> => {
    const applied = await applyConfig(needs, fileOf(tenant), { ...OPTIONS, ...options });
    return applied.flatMap(({ lines }) => lines);
  };
  const withSecrets = (...secrets: string[]): Record<string, unknown> =>
    tenantOf([skillOf('lights', { clientSecret: undefined, clientSecrets: secrets })]);
  return { store, apply, withSecrets };
}

describe('a changed secret', () => {
  it('is added, and the old one goes on working until nobody uses it', async () => {
    const { apply, store, withSecrets } = broker();
    await apply(withSecrets('old'));
    expect(await apply(withSecrets('new'))).toEqual([
      '+ skill lights: alexa client secret',
      '~ skill lights: replaced alexa client secret retires after 30 days unseen',
    ]);
    expect(store.secretsOf(CLIENT)).toEqual(['old (superseded)', 'new']);
    expect(await apply(withSecrets('new'))).toEqual([]);
  });

  it('that comes back is restored, not added again', async () => {
    const { apply, store, withSecrets } = broker();
    await apply(withSecrets('old'));
    await apply(withSecrets('new'));
    expect(await apply(withSecrets('old'))).toEqual([
      '~ skill lights: alexa client secret is current again',
      '~ skill lights: replaced alexa client secret retires after 30 days unseen',
    ]);
    expect(store.secretsOf(CLIENT)).toEqual(['old', 'new (superseded)']);
  });

  it('may be announced beside the old one, and taken over later', async () => {
    const { apply, store, withSecrets } = broker();
    await apply(withSecrets('old'));
    expect(await apply(withSecrets('new', 'old'))).toEqual(['+ skill lights: alexa client secret']);
    expect(store.secretsOf(CLIENT)).toEqual(['old', 'new']);
    await apply(withSecrets('new'));
    expect(store.secretsOf(CLIENT)).toEqual(['old (superseded)', 'new']);
  });

  it('ends the old one at once where that is asked for', async () => {
    const { apply, store, withSecrets } = broker();
    await apply(withSecrets('old'));
    expect(await apply(withSecrets('new'), { retireSecrets: true })).toEqual([
      '+ skill lights: alexa client secret',
      '- skill lights: replaced alexa client secret, at once',
    ]);
    expect(store.secretsOf(CLIENT)).toEqual(['new']);
  });

  it('ends one at once that was replaced earlier, too', async () => {
    const { apply, store, withSecrets } = broker();
    await apply(withSecrets('old'));
    await apply(withSecrets('new'));
    expect(await apply(withSecrets('new'), { retireSecrets: true })).toHaveLength(1);
    expect(store.secretsOf(CLIENT)).toEqual(['new']);
  });
});

describe('what the file does not name any more', () => {
  const both = tenantOf(
    [skillOf('lights'), skillOf('scenes', { connectors: ['office'] })],
    [connectorOf('home'), connectorOf('office')],
  );
  const one = tenantOf([skillOf('lights')]);

  it('stays', async () => {
    const { apply, store } = broker();
    await apply(both);
    expect(await apply(one)).toEqual([]);
    expect(store.secretsOf('alexa-scenes')).toEqual(['scenes-secret']);
  });

  it('stays, a backend client too', async () => {
    const { apply, store } = broker();
    const backend = { clientId: 'lights-backend', clientSecret: 'backend-secret' };
    await apply(tenantOf([skillOf('lights', { backend })]));
    expect(await apply(one)).toEqual([]);
    expect(store.secretsOf('lights-backend')).toEqual(['backend-secret']);
    expect(await apply(one, { prune: true })).toEqual(['- skill lights: backend client lights-backend']);
    expect(store.secretsOf('lights-backend')).toEqual([]);
  });

  it('goes by prune where nobody is linked, skills before connectors', async () => {
    const { apply, store } = broker();
    await apply(both);
    expect(await apply(one, { prune: true })).toEqual(['- skill scenes', '- connector office']);
    expect(await apply(one, { prune: true })).toEqual([]);
    expect(store.written.slice(-2).map(({ kind }) => kind)).toEqual(['remove-skill', 'remove-connector']);
  });

  it.each([[null], [0], [41], [43]])('stays where 42 grants live and %j were agreed to', async (liveGrants) => {
    const { apply, store } = broker();
    await apply(both);
    store.liveGrants = 42;
    const before = store.written.length;
    const attempt = apply(tenantOf([skillOf('lights', { name: 'Changed' })]), { prune: true, liveGrants });
    await expect(attempt).rejects.toThrow(ConfigError);
    await expect(attempt).rejects.toThrow(/42 live grant.*--live-grants 42/);
    expect(store.written).toHaveLength(before);
  });

  it('goes where exactly their number was agreed to', async () => {
    const { apply, store } = broker();
    await apply(both);
    store.liveGrants = 42;
    expect(await apply(one, { prune: true, liveGrants: 42 })).toHaveLength(2);
    expect(store.asked).toHaveLength(1);
    expect([store.asked[0]?.skillIds.length, store.asked[0]?.connectorIds.length]).toEqual([1, 1]);
  });

  it('is not counted where nothing goes', async () => {
    const { apply, store } = broker();
    await apply(both);
    store.liveGrants = 42;
    expect(await apply(both, { prune: true })).toEqual([]);
    expect(store.asked).toEqual([]);
  });

  it('is shown by a dry run, and stays', async () => {
    const { apply, store } = broker();
    await apply(both);
    const before = store.written.length;
    expect(await apply(one, { prune: true, dryRun: true })).toEqual(['- skill scenes', '- connector office']);
    expect(store.written).toHaveLength(before);
  });
});
