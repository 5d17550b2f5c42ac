import { expect, test } from '@jest/globals';
import { seededRandom } from './random.mjs';
import { processes, scheduleFaults } from './schedule.mjs';

const seeds = Array.from({ length: 200 }, (_, index) => index);

test('a schedule follows from its seed alone, and other seeds have others', () => {
  const texts = seeds.map((seed) => JSON.stringify(scheduleFaults(seed, 20)));
  expect(seeds.map((seed) => JSON.stringify(scheduleFaults(seed, 20)))).toEqual(texts);
  expect(new Set(texts).size).toBe(seeds.length);
});

test('faults come in order, begin within the time, and are bounded', () => {
  for (const seed of seeds) {
    const faults = scheduleFaults(seed, 20);
    const times = faults.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(Math.max(...times)).toBeLessThan(20_000);
    for (const { forMs } of faults) expect(forMs).toBeLessThanOrEqual(35_000);
  }
});

test('faults of one target do not overlap', () => {
  for (const seed of seeds) {
    const over = {};
    for (const { at, on, forMs } of scheduleFaults(seed, 20)) {
      expect(at).toBeGreaterThanOrEqual(over[on] ?? 0);
      over[on] = at + forMs;
    }
  }
});

test('over many seeds everybody is struck by everything', () => {
  const struck = new Set(seeds.flatMap((seed) => scheduleFaults(seed, 20).map(({ on, kind }) => `${on} ${kind}`)));
  const ofProcesses = processes.flatMap((name) =>
    ['kill', 'freeze', 'clock', 'full-disk'].map((kind) => `${name} ${kind}`),
  );
  const ofStores = [
    'postgres restart',
    'postgres freeze',
    'postgres freeze-at-answer',
    'postgres crash-at-answer',
    'redis restart',
    'redis freeze',
    'redis flush',
  ];
  const ofUpstream = ['hang', 'status-503', 'reset', 'reset-after-processing', 'hang-after-processing'];
  const all = [
    ...ofProcesses,
    ...ofStores,
    'owner kill-at-answer',
    'owner freeze-at-answer',
    ...ofUpstream.map((kind) => `upstream ${kind}`),
  ];
  expect(all.filter((one) => !struck.has(one))).toEqual([]);
  const long = seeds.filter((seed) => scheduleFaults(seed, 20).some(({ forMs }) => forMs > 30_000));
  expect(long.length).toBeGreaterThan(seeds.length / 10);
});

test('random numbers keep to their bounds, reach both, and are spread', () => {
  const random = seededRandom(7);
  const drawn = Array.from({ length: 6_000 }, () => random.whole(1, 6));
  for (const face of [1, 2, 3, 4, 5, 6]) {
    const count = drawn.filter((one) => one === face).length;
    expect(count).toBeGreaterThan(850);
    expect(count).toBeLessThan(1_150);
  }
  expect(drawn.every((one) => one >= 1 && one <= 6)).toBe(true);
});
