import { asTenantId, type TraceEvent } from '@linkbroker/contracts';
import { resolveUpstream } from '@linkbroker/providers';
import { storeRefreshedTokens, type RefreshAttempt, type StoreRefreshNeeds } from './index.js';

const connector = {
  id: '33333333-3333-4333-8333-333333333333',
  slug: 'home',
  provider: 'oauth2',
  issuer: null,
  parameters: {},
  clientId: 'c',
  clientSecret: 's',
  scopes: [],
  endpoints: { authorization: 'https://id.example/a', token: 'https://id.example/t', userinfo: 'https://id.example/u' },
} as unknown as RefreshAttempt['connector'];

const attempt = (began = performance.now()): RefreshAttempt => ({
  tenantId: asTenantId('11111111-1111-4111-8111-111111111111'),
  set: { id: 'set', version: 1, refreshExpiresAt: null } as RefreshAttempt['set'],
  connector,
  upstream: resolveUpstream(connector, undefined),
  secrets: { accessToken: 'a1', refreshToken: 'r1', profile: {} },
  fence: 1,
  attemptId: 'attempt',
  failures: 0,
  began,
});

const tokens = {
  accessToken: 'a2',
  refreshToken: 'r2',
  expiresIn: 3_600,
  scopes: [],
  idToken: null,
  answer: {},
  refreshExpiresIn: null,
};

const asked = new Date(0);

type Finish = StoreRefreshNeeds['tokenSets']['finish'];
type Keep = StoreRefreshNeeds['keepUnstored'];

/** A database and second places that answer as told, turn by turn; the last turn stays. */
function needs(finishes: readonly (() => ReturnType<Finish>)[], keeps: readonly (() => ReturnType<Keep>)[] = []) {
  const seen = { finishes: 0, keeps: 0, traces: [] as TraceEvent['name'][], buckets: [] as string[] };
  const turn = <T>(list: readonly (() => T)[], count: number): T => list[Math.min(count, list.length) - 1]!();
  const all: StoreRefreshNeeds = {
    now: () => new Date(0),
    randomBytes: (size) => Buffer.alloc(size),
    trace: ({ name }) => seen.traces.push(name),
    countUpstreamRefresh: (_, bucket) => seen.buckets.push(bucket),
    seal: (_, plain) => Promise.resolve(plain),
    tokenSets: { finish: () => turn(finishes, (seen.finishes += 1)) },
    keepUnstored: () => turn(keeps, (seen.keeps += 1)),
  };
  return { all, seen };
}

const stored = () => Promise.resolve(true);
const away = () => Promise.reject<boolean>(new Error('away'));

test('an answer that the database takes at once goes nowhere else', async () => {
  const { all, seen } = needs([stored]);
  expect(await storeRefreshedTokens(all, attempt(), tokens, asked)).toMatchObject({ kind: 'fresh' });
  expect(seen).toEqual({ finishes: 1, keeps: 0, traces: ['upstream.refreshed'], buckets: ['refreshed'] });
});

test('while the database does not answer, a second place has it already', async () => {
  let thaw: (stored: boolean) => void = () => undefined;
  const frozen = () => new Promise<boolean>((resolve) => (thaw = resolve));
  const kept = () => {
    thaw(true);
    return Promise.resolve('spool' as const);
  };
  const { all, seen } = needs([frozen], [kept]);
  expect(await storeRefreshedTokens(all, attempt(), tokens, asked)).toMatchObject({ kind: 'fresh' });
  expect(seen).toEqual({ finishes: 1, keeps: 1, traces: ['upstream.refreshed'], buckets: ['refreshed'] });
});

test('what the database refuses to take is kept once and told as an incident', async () => {
  const { all, seen } = needs([away], [() => Promise.resolve('stream')]);
  expect(await storeRefreshedTokens(all, attempt(), tokens, asked)).toMatchObject({ kind: 'fresh' });
  expect(seen).toEqual({ finishes: 3, keeps: 1, traces: ['incident.token_not_stored'], buckets: ['kept'] });
});

test('where no place takes it, it is held and tried until one does', async () => {
  const { all, seen } = needs([away, away, away, away, stored], [() => Promise.resolve('nowhere')]);
  expect(await storeRefreshedTokens(all, attempt(), tokens, asked)).toMatchObject({ kind: 'fresh' });
  expect(seen).toMatchObject({ finishes: 5, traces: ['upstream.refreshed'] });
  const late = needs([away, away, away], [() => Promise.resolve('nowhere'), () => Promise.resolve('spool')]);
  await storeRefreshedTokens(late.all, attempt(), tokens, asked);
  expect(late.seen).toMatchObject({ finishes: 3, keeps: 2, buckets: ['kept'] });
});

test('and given up when its lease has ended', async () => {
  const { all, seen } = needs([away], [() => Promise.resolve('nowhere')]);
  await storeRefreshedTokens(all, attempt(performance.now() - 31_000), tokens, asked);
  expect(seen).toMatchObject({ finishes: 3, traces: ['incident.token_not_stored'], buckets: ['unstored'] });
});

test('something newer that was stored meanwhile wins', async () => {
  const { all, seen } = needs([() => Promise.resolve(false)]);
  expect(await storeRefreshedTokens(all, attempt(), tokens, asked)).toEqual({ kind: 'busy' });
  expect(seen).toMatchObject({ keeps: 0, buckets: ['superseded'] });
});
