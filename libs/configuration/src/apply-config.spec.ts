import fc from 'fast-check';
import { connectorOf, fileOf, MemoryStore, needsOf, skillOf, tenantOf } from '../test/memory-store.js';
import { applyConfig, type ApplyOptions } from './apply-config.js';

const OPTIONS: ApplyOptions = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };
const backend = { clientId: 'lights-backend', clientSecret: 'backend-secret' };

/** A broker's configuration, applied to as often as a test likes. */
function broker() {
  const store = new MemoryStore();
  const needs = needsOf(store);
  return {
    store,
    apply: async (tenants: Parameters<typeof fileOf>, options: Partial<ApplyOptions> = {}): Promise<string[]> => {
      const applied = await applyConfig(needs, fileOf(...tenants), { ...OPTIONS, ...options });
      return applied.flatMap(({ lines }) => lines);
    },
  };
}

describe('a new tenant', () => {
  it('is made with everything in it, each thing on a line', async () => {
    const { apply, store } = broker();
    expect(await apply([tenantOf([skillOf('lights', { backend })])])).toEqual([
      '+ tenant acme',
      '+ connector home',
      '+ skill lights',
      '~ skill lights: connectors home',
      '+ skill lights: alexa client alexa-lights',
      '+ skill lights: alexa client secret',
      '+ skill lights: backend client lights-backend',
      '+ skill lights: backend client secret',
    ]);
    expect(store.secretsOf('alexa-lights')).toEqual(['lights-secret']);
    expect(store.secretsOf('lights-backend')).toEqual(['backend-secret']);
  });

  it('has a row before anything is sealed for it', async () => {
    const { store } = broker();
    const needs = needsOf(store);
    const tenants: number[] = [];
    const seal: typeof needs.seal = (place, plain, deadline) => {
      tenants.push(store.tenants.has(place.tenantId) ? 1 : 0);
      return needs.seal(place, plain, deadline);
    };
    await applyConfig({ ...needs, seal }, fileOf(tenantOf([])), OPTIONS);
    expect(tenants).toEqual([1]);
  });

  it('gets the regional redirect URIs once, and its own besides', async () => {
    const { apply, store } = broker();
    const redirectUris = ['https://a.example/x', 'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL'];
    await apply([tenantOf([skillOf('lights', { redirectUris, refreshKeep: 5 })])]);
    const [skill] = [...store.tenants.values()].flatMap(({ skills }) => [...skills.values()]);
    expect(skill).toMatchObject({ refreshKeep: 5, alexaSkillId: null });
    expect(skill?.redirectUris).toEqual([
      'https://pitangui.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
      'https://layla.amazon.com/api/skill/link/M3KVOEXUO4ALBL',
      'https://alexa.amazon.co.jp/api/skill/link/M3KVOEXUO4ALBL',
      'https://a.example/x',
    ]);
  });
});

describe('applying again', () => {
  it('finds nothing to do and writes nothing', async () => {
    const { apply, store } = broker();
    const file = [tenantOf([skillOf('lights', { backend })])] as const;
    await apply([...file]);
    const before = store.transactions;
    expect(await apply([...file])).toEqual([]);
    expect(store.transactions).toBe(before);
  });

  it.each([
    ['the tenant name', [skillOf('lights')], [connectorOf('home')], { name: 'Acme Ltd' }, '~ tenant acme: name'],
    [
      'a connector',
      [skillOf('lights')],
      [connectorOf('home', { name: 'Home', scopes: ['openid'] })],
      {},
      '~ connector home: name, scopes',
    ],
    [
      'a connector secret',
      [skillOf('lights')],
      [connectorOf('home', { clientSecret: 'new' })],
      {},
      '~ connector home: clientSecret',
    ],
    [
      'an endpoint',
      [skillOf('lights')],
      [connectorOf('home', { endpoints: { token: 'https://a.example/t' } })],
      {},
      '~ connector home: endpoints',
    ],
    [
      'a skill',
      [skillOf('lights', { accessTokenTtl: 900, pkce: 'required' })],
      [connectorOf('home')],
      {},
      '~ skill lights: pkce, accessTokenTtl',
    ],
    ['what is kept', [skillOf('lights', { refreshKeep: 3 })], [connectorOf('home')], {}, '~ skill lights: refreshKeep'],
  ])('changes %s alone where that alone has changed', async (_, skills, connectors, changes, line) => {
    const { apply } = broker();
    await apply([tenantOf([skillOf('lights')])]);
    expect(await apply([tenantOf(skills, connectors, changes)])).toEqual([line]);
    expect(await apply([tenantOf(skills, connectors, changes)])).toEqual([]);
  });

  it('notices another order of connectors, which is the order on the page', async () => {
    const { apply } = broker();
    const connectors = [connectorOf('home'), connectorOf('office')];
    await apply([tenantOf([skillOf('lights', { connectors: ['home', 'office'] })], connectors)]);
    const lines = await apply([tenantOf([skillOf('lights', { connectors: ['office', 'home'] })], connectors)]);
    expect(lines).toEqual(['~ skill lights: connectors office, home']);
  });

  it('renames a client and keeps its secrets', async () => {
    const { apply, store } = broker();
    await apply([tenantOf([skillOf('lights', { backend })])]);
    const lines = await apply([tenantOf([skillOf('lights', { backend, clientId: 'alexa-new' })])]);
    expect(lines).toEqual([expect.stringContaining('alexa client id alexa-lights becomes alexa-new')]);
    expect(store.secretsOf('alexa-new')).toEqual(['lights-secret']);
    expect(store.secretsOf('alexa-lights')).toEqual([]);
  });

  it('renames a client and changes its secret at once', async () => {
    const { apply, store } = broker();
    await apply([tenantOf([skillOf('lights')])]);
    await apply([tenantOf([skillOf('lights', { clientId: 'alexa-new', clientSecret: 'new' })])]);
    expect(store.secretsOf('alexa-new')).toEqual(['lights-secret (superseded)', 'new']);
  });
});

describe('several tenants', () => {
  it('are told apart, and one that is not in the file is left alone, even by prune', async () => {
    const { apply, store } = broker();
    const other = tenantOf([skillOf('lamps')], [connectorOf('home')], { slug: 'other', name: 'Other' });
    await apply([tenantOf([skillOf('lights')]), other]);
    const before = store.written.length;
    expect(await apply([tenantOf([skillOf('lights')])], { prune: true })).toEqual([]);
    expect(store.written).toHaveLength(before);
    expect(store.tenants.size).toBe(2);
  });
});

describe('a dry run', () => {
  it('says what applying then does, and writes and seals nothing', async () => {
    const { apply, store } = broker();
    const first = tenantOf([skillOf('lights')]);
    const second = tenantOf(
      [skillOf('lights', { clientSecret: 'new', name: 'Lamps' }), skillOf('scenes', { backend })],
      [connectorOf('home', { clientSecret: 'new' }), connectorOf('office')],
    );
    for (const tenant of [first, second]) {
      const before = store.written.length;
      const planned = await apply([tenant], { dryRun: true });
      expect(store.written).toHaveLength(before);
      expect(planned.length).toBeGreaterThan(3);
      expect(await apply([tenant])).toEqual(planned);
    }
  });

  it('seals nothing, because a data key would be left behind', async () => {
    const needs = needsOf(new MemoryStore());
    const seal = (): never => {
      throw new Error('sealed');
    };
    const applied = await applyConfig({ ...needs, seal }, fileOf(tenantOf([])), { ...OPTIONS, dryRun: true });
    expect(applied).toEqual([{ slug: 'acme', lines: ['+ tenant acme', '+ connector home'], once: [] }]);
  });
});

describe('any two files, one after the other', () => {
  const some = fc.constantFrom;
  const skill = fc
    .record({
      clientId: some('c1', 'c2'),
      secrets: some(['s1'], ['s2'], ['s2', 's1'], ['s1', 's3']),
      pkce: some('optional', 'required'),
      connectors: some(['home'], ['office'], ['home', 'office']),
      withBackend: fc.boolean(),
    })
    .map(({ secrets, withBackend, ...fields }) =>
      skillOf('lights', {
        ...fields,
        clientSecret: undefined,
        clientSecrets: secrets,
        ...(withBackend && { backend }),
      }),
    );
  const tenant = fc
    .record({ skill, home: some('a', 'b'), name: some('Acme', 'Acme Ltd') })
    .map(({ skill: one, home, name }) =>
      tenantOf([one], [connectorOf('home', { clientSecret: home }), connectorOf('office')], { name }),
    );

  it('leave nothing to do after each, no secret in any line, and every secret of the file current', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tenant, { minLength: 1, maxLength: 5 }), fc.boolean(), async (files, retireSecrets) => {
        const { apply, store } = broker();
        for (const file of files) {
          const lines = await apply([file], { retireSecrets });
          expect(lines.join('\n')).not.toMatch(/\bs[123]\b|-secret\b/);
          expect(await apply([file], { retireSecrets })).toEqual([]);
          const [wanted] = fileOf(file).tenants[0]!.skills;
          const current = store.secretsOf(wanted!.clientId).filter((secret) => !secret.endsWith('(superseded)'));
          expect(current.toSorted()).toEqual(wanted!.clientSecrets?.toSorted());
        }
      }),
    );
  });
});
