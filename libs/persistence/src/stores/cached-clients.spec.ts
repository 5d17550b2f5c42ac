import { asTenantId, type RegisteredClient } from '@linkbroker/contracts';
import { CachedClients } from './cached-clients.js';

const client = (name: string): RegisteredClient => ({
  clientId: 'alexa-lights',
  kind: 'alexa',
  secrets: [],
  skill: {
    id: 's',
    tenantId: asTenantId('t'),
    tenantSlug: 't',
    tenantName: 't',
    slug: 's',
    name,
    clientId: 'alexa-lights',
    redirectUris: [],
    grantTypes: [],
    scopes: [],
    pkce: 'optional',
    accessTokenTtl: 3600,
    refreshKeep: null,
    tokenMode: 'own',
    branding: {},
    connectors: [],
  },
});

function setUp() {
  let now = 0;
  const reads: string[] = [];
  let answer: () => Promise<RegisteredClient | undefined> = () => Promise.resolve(client('first'));
  const store = {
    resolve: (clientId: string) => {
      reads.push(clientId);
      return answer();
    },
  };
  const cache = new CachedClients(store, () => now);
  return {
    reads,
    find: async (maxAgeMs: number) => (await cache.find('alexa-lights', maxAgeMs, Infinity))?.skill.name,
    pass: (ms: number) => (now += ms),
    answerWith: (next: typeof answer) => (answer = next),
  };
}

test('many callers at once cost one read, and a fresh entry none', async () => {
  const { find, reads } = setUp();
  expect(await Promise.all([find(5_000), find(5_000), find(0)])).toEqual(['first', 'first', 'first']);
  expect(await find(5_000)).toBe('first');
  expect(reads).toHaveLength(1);
});

test('an entry past its age serves once more while a new one is read', async () => {
  const { find, reads, pass, answerWith } = setUp();
  await find(5_000);
  answerWith(() => Promise.resolve(client('second')));
  pass(6_000);
  expect(await find(5_000)).toBe('first');
  expect(await find(5_000)).toBe('second');
  expect(reads).toHaveLength(2);
});

test('a caller about to refuse gets a fresh answer, but guesses share one per second', async () => {
  const { find, reads, pass, answerWith } = setUp();
  await find(5_000);
  answerWith(() => Promise.resolve(client('second')));
  pass(1_001);
  expect(await find(0)).toBe('second');
  for (let guess = 0; guess < 100; guess += 1) await find(0);
  expect(reads).toHaveLength(2);
});

test('while the database is away the last known client serves for a minute, and a fresh answer fails', async () => {
  const { find, pass, answerWith } = setUp();
  await find(5_000);
  answerWith(() => Promise.reject(new Error('away')));
  pass(50_000);
  expect(await find(5_000)).toBe('first');
  await expect(find(0)).rejects.toThrow('away');
  pass(20_000);
  await expect(find(5_000)).rejects.toThrow('away');
});

test('a client nobody registered is not remembered as known', async () => {
  const { find, pass, answerWith } = setUp();
  answerWith(() => Promise.resolve(undefined));
  expect(await find(5_000)).toBeUndefined();
  answerWith(() => Promise.resolve(client('registered')));
  pass(5_001);
  expect(await find(5_000)).toBe('registered');
});
