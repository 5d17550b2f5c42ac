import fc from 'fast-check';
import { groupStory } from './group-story.js';
import type { SentEntry } from './timeline.js';

const entry = (at: string, change: Partial<SentEntry> = {}): SentEntry => ({
  at,
  name: 'page.shown',
  linkId: null,
  reference: null,
  connector: null,
  outcome: null,
  status: null,
  ms: null,
  detail: null,
  figures: {},
  data: {},
  ...change,
});
const dayOf = (at: string): string => at.slice(0, 10);

test('steps of an attempt stay together, the newest chapter comes first, and each is told in order of time', () => {
  const chapters = groupStory(
    [
      entry('2026-01-01T10:00:00Z', { reference: 'A', name: 'authorize.started' }),
      entry('2026-01-01T10:00:01Z', { reference: 'B', name: 'authorize.started' }),
      entry('2026-01-01T10:00:09Z', { reference: 'A', name: 'code.issued' }),
      entry('2026-01-02T03:00:00Z', { name: 'token.answered' }),
    ],
    dayOf,
  );
  expect(chapters.map(({ id, reference, lasted }) => [id, reference, lasted])).toEqual([
    ['2026-01-02', null, 0],
    ['B', 'B', 0],
    ['A', 'A', 9_000],
  ]);
  expect(chapters[2]?.lines.map(({ entry: { name } }) => name)).toEqual(['authorize.started', 'code.issued']);
});

test('an attempt over midnight is one chapter, of the day it began', () => {
  const [chapter, ...more] = groupStory(
    [
      entry('2026-01-01T23:59:59Z', { reference: 'A' }),
      entry('2026-01-02T00:00:01Z', { reference: 'A', name: 'code.issued' }),
    ],
    dayOf,
  );
  expect([chapter?.day, more]).toEqual(['2026-01-01', []]);
});

test('steps alike that follow each other are one line, with the last of them and when the first was', () => {
  const renewed = (minute: number, outcome = 'rotated') =>
    entry(`2026-01-01T10:0${String(minute)}:00Z`, { name: 'token.answered', outcome });
  const [chapter] = groupStory([renewed(1), renewed(2), renewed(3), renewed(4, 'unavailable'), renewed(5)], dayOf);
  expect(
    chapter?.lines.map(({ count, firstAt, entry: { at } }) => [count, firstAt.slice(11, 16), at.slice(11, 16)]),
  ).toEqual([
    [3, '10:01', '10:03'],
    [1, '10:04', '10:04'],
    [1, '10:05', '10:05'],
  ]);
});

test('whatever is on a timeline, nothing is lost and every chapter is in order', () => {
  const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-02-01'), noInvalidDate: true });
  const any = fc.record({
    at: moment.map((date) => date.toISOString()),
    name: fc.constantFrom<SentEntry['name']>('page.shown', 'token.answered', 'webhook.link.created'),
    reference: fc.option(fc.constantFrom('A', 'B')),
    outcome: fc.option(fc.constantFrom('rotated', 'x')),
  });
  fc.assert(
    fc.property(fc.array(any), (entries) => {
      const chapters = groupStory(
        entries.map(({ at, ...change }) => entry(at, change)),
        dayOf,
      );
      const lines = chapters.flatMap((chapter) => chapter.lines);
      expect(lines.reduce((sum, { count }) => sum + count, 0)).toBe(entries.length);
      for (const { lines: own } of chapters) {
        const times = own.map(({ firstAt }) => firstAt);
        expect(times).toEqual(times.toSorted());
      }
    }),
  );
});
