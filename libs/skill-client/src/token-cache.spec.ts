import { closeAll, CREDENTIALS, json, startBroker } from '../test/fake-broker.js';
import { createSkillClient } from './create-skill-client.js';

afterEach(closeAll);

/** A client by a clock of ours, to a broker that numbers its tokens. */
async function numbered(options: { expiresIn?: number; cacheSize?: number } = {}) {
  const clock = { now: 1_800_000_000_000 };
  const { url, asked } = await startBroker((response, one, count) =>
    json(response, 200, {
      access_token: `${one.form.get('subject_token') ?? ''}-${count}`,
      expires_in: options.expiresIn ?? 3600,
    }),
  );
  const { cacheSize } = options;
  const client = createSkillClient({
    ...{ brokerUrl: url, ...CREDENTIALS, now: () => clock.now },
    ...(cacheSize !== undefined && { cacheSize }),
  });
  const get = async (token: string, fresh = false) => {
    const result = await client.upstreamToken(token, { fresh });
    return result.kind === 'token' ? [result.accessToken, result.expiresIn] : result.kind;
  };
  return { clock, asked, get };
}

it('keeps a token until a minute before it ends, and says how long it has left', async () => {
  const { clock, get } = await numbered();
  expect(await get('a')).toEqual(['a-1', 3600]);
  clock.now += 3_539_000;
  expect(await get('a')).toEqual(['a-1', 61]);
  clock.now += 1_000;
  expect(await get('a')).toEqual(['a-2', 3600]);
});

it('keeps nothing that is about to end', async () => {
  const { get } = await numbered({ expiresIn: 60 });
  expect([await get('a'), await get('a')]).toEqual([
    ['a-1', 60],
    ['a-2', 60],
  ]);
});

it('keeps nothing where that is turned off', async () => {
  const { get } = await numbered({ cacheSize: 0 });
  expect([await get('a'), await get('a')]).toEqual([
    ['a-1', 3600],
    ['a-2', 3600],
  ]);
});

it('does not mix up tokens', async () => {
  const { get } = await numbered();
  expect([await get('a'), await get('b'), await get('a')]).toEqual([
    ['a-1', 3600],
    ['b-2', 3600],
    ['a-1', 3600],
  ]);
});

it('forgets the oldest beyond its size', async () => {
  const { get, asked } = await numbered({ cacheSize: 2 });
  for (const token of ['a', 'b', 'c', 'b', 'c']) await get(token);
  expect(asked).toHaveLength(3);
  await get('a');
  expect(asked).toHaveLength(4);
});

it('passes over a kept token that the provider has refused', async () => {
  const { get } = await numbered();
  expect([await get('a'), await get('a', true), await get('a')]).toEqual([
    ['a-1', 3600],
    ['a-2', 3600],
    ['a-2', 3600],
  ]);
});

it('asks once for all who ask at once, and again after a failure', async () => {
  const { url, asked } = await startBroker((response, _, count) =>
    count === 1 ? json(response, 503, {}) : json(response, 200, { access_token: 'x', expires_in: 3600 }),
  );
  const client = createSkillClient({ brokerUrl: url, ...CREDENTIALS });
  const ask = () => Promise.all([1, 2, 3].map(() => client.upstreamToken('a')));
  expect((await ask()).map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable', 'unavailable']);
  expect((await ask()).map(({ kind }) => kind)).toEqual(['token', 'token', 'token']);
  expect(asked).toHaveLength(2);
});
