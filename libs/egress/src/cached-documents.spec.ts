import { CachedDocuments } from './cached-documents.js';
import type { OutboundRequest } from './egress.js';
import { EgressFailed } from './egress-refused.js';
import type { InboundResponse } from './exchange.js';

const URL_A = 'https://id.example.com/.well-known/openid-configuration';
const URL_B = 'https://id.example.com/jwks';
const MINUTE = 60_000;
const ok = (body: unknown): InboundResponse => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

/** A cache over a server and a clock that do as they are told. */
function cache(first: () => Promise<InboundResponse> = () => Promise.resolve(ok(1))) {
  const state = { now: 1_000 * MINUTE, answer: first };
  const sent: OutboundRequest[] = [];
  const egress = {
    send: (request: OutboundRequest) => {
      sent.push(request);
      return state.answer();
    },
  };
  const documents = new CachedDocuments(egress, () => state.now);
  return { state, sent, get: (url = URL_A, notBefore?: number) => documents.get(url, 5_000, notBefore) };
}

const away = (): Promise<InboundResponse> => Promise.reject(new EgressFailed('id.example.com: no answer'));

describe('a document', () => {
  it('is fetched for its purpose within the deadline', async () => {
    const { get, sent } = cache();
    expect(await get()).toBe(1);
    expect(sent).toEqual([{ method: 'GET', url: URL_A, purpose: 'upstream', deadline: 5_000 }]);
  });

  it('is fetched once for many who ask at once', async () => {
    let arrive: (answer: InboundResponse) => void = () => undefined;
    const { get, sent } = cache(() => new Promise((resolve) => (arrive = resolve)));
    const asked = [get(), get(), get(URL_A, 999 * MINUTE)];
    expect(sent).toHaveLength(1);
    arrive(ok({ a: 1 }));
    expect(await Promise.all(asked)).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }]);
  });

  it('is used for ten minutes', async () => {
    const { get, sent, state } = cache();
    await get();
    state.now += 10 * MINUTE;
    await get();
    expect(sent).toHaveLength(1);
    state.now += 1;
    state.answer = () => Promise.resolve(ok(2));
    expect(await get()).toBe(2);
    expect(sent).toHaveLength(2);
  });

  it('is one of its address', async () => {
    const { get, sent, state } = cache();
    await get(URL_A);
    state.answer = () => Promise.resolve(ok(2));
    expect([await get(URL_B), await get(URL_A)]).toEqual([2, 1]);
    expect(sent).toHaveLength(2);
  });
});

describe('while the server is away', () => {
  it.each([
    ['unreachable', away],
    ['broken', () => Promise.resolve({ ...ok(2), status: 500 })],
    ['redirecting', () => Promise.resolve({ ...ok(2), status: 302 })],
    ['answering a page', () => Promise.resolve({ ...ok(2), body: '<html>' })],
  ])('(%s) the last copy is used, and a later answer again', async (_, answer) => {
    const { get, state } = cache();
    await get();
    state.now += 60 * MINUTE;
    state.answer = answer;
    expect(await get()).toBe(1);
    state.answer = () => Promise.resolve(ok(3));
    expect(await get()).toBe(3);
  });

  it.each([
    ['unreachable', away, 'no answer'],
    ['broken', () => Promise.resolve({ ...ok(2), status: 500 }), 'id.example.com answered 500'],
    ['answering a page', () => Promise.resolve({ ...ok(2), body: '<html>' }), 'id.example.com did not answer JSON'],
  ])('(%s) there is nothing without a copy, and the next one asks again', async (_, answer, reason) => {
    const { get, state, sent } = cache(answer);
    await expect(get()).rejects.toThrow(EgressFailed);
    await expect(get()).rejects.toThrow(reason);
    expect(sent).toHaveLength(2);
    state.answer = () => Promise.resolve(ok(4));
    expect(await get()).toBe(4);
  });

  it('everybody who asked at once is told', async () => {
    const { get, sent } = cache(away);
    const outcomes = await Promise.allSettled([get(), get()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sent).toHaveLength(1);
  });
});

describe('a copy that must not be older', () => {
  it('is fetched again when it is, however fresh', async () => {
    const { get, sent, state } = cache();
    await get();
    state.now += 1;
    state.answer = () => Promise.resolve(ok(2));
    expect(await get(URL_A, state.now)).toBe(2);
    expect(await get(URL_A, state.now)).toBe(2);
    expect(sent).toHaveLength(2);
  });

  it('does not do when it is and there is no other', async () => {
    const { get, state } = cache();
    await get();
    state.now += 1;
    state.answer = away;
    await expect(get(URL_A, state.now)).rejects.toThrow(EgressFailed);
    expect(await get()).toBe(1);
  });
});

it('forgets the oldest of very many documents, not the newest', async () => {
  const { get, sent } = cache();
  for (let index = 0; index <= 2_000; index += 1) await get(`https://id.example.com/${index}`);
  for (const kept of [1, 1_000, 2_000]) await get(`https://id.example.com/${kept}`);
  expect(sent).toHaveLength(2_001);
  await get('https://id.example.com/0');
  expect(sent).toHaveLength(2_002);
});
