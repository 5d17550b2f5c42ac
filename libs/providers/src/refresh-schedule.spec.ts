import fc from 'fast-check';
import { CATALOGUE, findProvider } from './catalogue/index.js';
import { scheduleRefresh, type StoredLife } from './refresh-schedule.js';
import type { UpstreamProvider } from './upstream-provider.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
const after = (ms: number): Date => new Date(NOW.getTime() + ms);
const life = (change: Partial<StoredLife> = {}): StoredLife => ({
  hasRefreshToken: true,
  accessExpiresAt: after(60 * MINUTE),
  refreshExpiresAt: null,
  ...change,
});
const provider = (refresh: Partial<UpstreamProvider['refresh']>): UpstreamProvider => {
  const known = findProvider('oauth2');
  if (!known) throw new Error('the catalogue has no oauth2');
  return { ...known, refresh: { kind: 'refresh_token', rotation: 'single-use', ...refresh } };
};
const minutesUntil = (date: Date | null): number | null => date && (date.getTime() - NOW.getTime()) / MINUTE;

describe('a set in use', () => {
  it.each([
    ['an hour', 60, 0, 51],
    ['an hour, spread', 60, 0.999, 46.5],
    ['eight hours', 480, 0, 465],
    ['two minutes', 2, 0, 1],
    ['ten minutes', 10, 0, 8.5],
  ])('with an access token of %s is due before it ends', (_name, minutes, random, due) => {
    const { activeDueAt } = scheduleRefresh(
      provider({}),
      life({ accessExpiresAt: after(minutes * MINUTE) }),
      NOW,
      random,
    );
    expect(minutesUntil(activeDueAt)).toBeCloseTo(due, 1);
  });

  it('is not refreshed more often than its provider wants', () => {
    const daily = provider({ minIntervalSeconds: 86_400 });
    expect(scheduleRefresh(daily, life(), NOW, 0).activeDueAt).toEqual(after(DAY));
  });
});

describe('a set that nobody uses', () => {
  it.each([
    ['six months of idleness allowed, no rotation', { rotation: 'none', idleSeconds: 15_552_000 }, null, 60],
    ['thirty days of idleness allowed', { idleSeconds: 2_592_000 }, null, 15],
    ['a refresh token that ends in ten days', {}, after(10 * DAY), 5],
    ['an end that use cannot put off', { rotation: 'none' }, after(10 * DAY), 60],
    ['nothing known', {}, null, 7],
    ['a refresh token that has ended', {}, after(-DAY), 0],
  ] as const)('with %s stays alive', (_name, refresh, refreshExpiresAt, days) => {
    const { dormantDueAt } = scheduleRefresh(provider(refresh), life({ refreshExpiresAt }), NOW, 0);
    expect(dormantDueAt).toEqual(after(days * DAY));
  });

  it('but is traded for a new one is due like one in use', () => {
    const exchanged = scheduleRefresh(provider({ kind: 'exchange' }), life({ hasRefreshToken: false }), NOW, 0);
    expect(exchanged.dormantDueAt).toEqual(exchanged.activeDueAt);
  });
});

it.each([
  ['without a refresh token', {}, { hasRefreshToken: false }],
  ['of a provider without refreshes', { kind: 'none' }, {}],
] as const)('a set %s is never due', (_name, refresh, change) => {
  expect(scheduleRefresh(provider(refresh), life(change), NOW, 0.5)).toEqual({ activeDueAt: null, dormantDueAt: null });
});

it('nothing is due in the past, and nothing in use after its access token has ended, for every provider', () => {
  const seconds = fc.integer({ min: 1, max: 31_536_000 });
  fc.assert(
    fc.property(
      fc.constantFrom(...CATALOGUE),
      seconds,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (known, life_, random) => {
        const accessExpiresAt = after(life_ * 1_000);
        const { activeDueAt, dormantDueAt } = scheduleRefresh(known, life({ accessExpiresAt }), NOW, random);
        for (const due of [activeDueAt, dormantDueAt])
          if (due) expect(due.getTime()).toBeGreaterThanOrEqual(NOW.getTime());
        if (activeDueAt && known.refresh.minIntervalSeconds === undefined) {
          expect(activeDueAt.getTime()).toBeLessThanOrEqual(accessExpiresAt.getTime());
        }
      },
    ),
  );
});
