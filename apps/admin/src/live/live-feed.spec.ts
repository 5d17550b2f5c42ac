import { jest } from '@jest/globals';
import { asTenantId } from '@linkbroker/contracts';
import type { LiveMarks } from '@linkbroker/persistence';
import { LiveFeed } from './live-feed.js';

const TENANT = asTenantId('0193f5d2-0000-7000-8000-000000000001');

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function world() {
  const state = { marks: { timeline: 'a', deliveries: '1', changes: '1' } as LiveMarks, away: false, reads: 0 };
  const feed = new LiveFeed(() => {
    state.reads += 1;
    return state.away ? Promise.reject(new Error('away')) : Promise.resolve(state.marks);
  }, 1_000);
  return { state, feed };
}

test('tells everybody who looks on what has changed, and asks the stores once for all of them', async () => {
  const { state, feed } = world();
  const told: string[][] = [];
  const stops = [0, 1].map(() => feed.watch(TENANT, (topics) => told.push([...topics])));
  await jest.advanceTimersByTimeAsync(3_000);
  expect([told, state.reads]).toEqual([[], 4]);
  state.marks = { ...state.marks, timeline: 'b', changes: '2' };
  await jest.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([
    ['timeline', 'changes'],
    ['timeline', 'changes'],
  ]);
  for (const stop of stops) stop();
});

test('tells afterwards what happened while the store was away', async () => {
  const { state, feed } = world();
  const told: string[][] = [];
  const stop = feed.watch(TENANT, (topics) => told.push([...topics]));
  await jest.advanceTimersByTimeAsync(1_000);
  state.away = true;
  await jest.advanceTimersByTimeAsync(5_000);
  Object.assign(state, { away: false, marks: { ...state.marks, deliveries: '2' } });
  await jest.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([['deliveries']]);
  stop();
});

test('asks nothing any more when nobody looks on, and begins anew with the next', async () => {
  const { state, feed } = world();
  feed.watch(TENANT, () => undefined)();
  await jest.advanceTimersByTimeAsync(10_000);
  const { reads } = state;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(state.reads).toBe(reads);
  state.marks = { ...state.marks, timeline: 'later' };
  const told: string[][] = [];
  const stop = feed.watch(TENANT, (topics) => told.push([...topics]));
  await jest.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual([]);
  stop();
});
