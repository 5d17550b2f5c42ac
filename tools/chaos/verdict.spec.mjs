import { expect, test } from '@jest/globals';
import { explainRepeat, readLedger, unstoredMs } from './verdict.mjs';

const pid = 100;
const came = (at, effect, answer = 'written', owner = pid) => ({ at, effect, answer, owner, answeredAt: at + 5 });
const fate = (what, from, to = from + 1_000, of = pid) => ({ name: 'broker-1', what, from, to, pid: of });
const why = (presentations, ...fates) => explainRepeat(presentations, fates)?.why;
const twice = (afterMs, answer) => [came(10_000, 'rotated', answer), came(10_000 + afterMs, 'reused')];

test('a token that came once, or was not looked at the first time, needs no explanation', () => {
  expect(why([came(10_000, 'rotated')])).toBeUndefined();
  expect(why([came(10_000, 'untouched', 'reset'), came(15_000, 'rotated')])).toBeUndefined();
});

test('an answer that the upstream kept back explains it', () => {
  expect(why(twice(5_000, 'reset'))).toBe('no-answer');
  expect(why(twice(9_000, 'hang'))).toBe('no-answer');
});

test.each([
  ['killed before the answer could be stored', fate('killed', 10_020), 'killed'],
  ['killed later than that', fate('killed', 10_300 + 2 * unstoredMs), 'unexplained'],
  ['killed before it asked', fate('killed', 8_000), 'unexplained'],
  ['another process killed', fate('killed', 10_020, 12_000, 101), 'unexplained'],
  ['frozen for longer than its lease', fate('frozen', 10_010, 44_000), 'frozen'],
  ['frozen for less than its lease', fate('frozen', 10_010, 20_000), 'unexplained'],
  ['a clock that was set', fate('clock', 9_000, 20_000, null), 'unexplained'],
])('%s', (_, struck, expected) => {
  expect(why(twice(34_000), struck)).toBe(expected);
});

test('a process that was killed while it stood still explains it', () => {
  expect(why(twice(34_000), fate('frozen', 10_010, 14_000), fate('killed', 13_900))).toBe('killed');
});

test('a request whose sender was gone by the time it was read is that of who was killed right before', () => {
  const unowned = [{ ...came(10_000, 'rotated'), owner: null }, came(70_000, 'reused')];
  expect(why(unowned, fate('killed', 9_950))).toBe('killed');
  expect(why(unowned, fate('killed', 8_500))).toBe('unexplained');
  expect(why(unowned, fate('frozen', 9_950, 60_000))).toBe('unexplained');
  expect(why(unowned)).toBe('unexplained');
});

test('a ledger tells what ended, what came again, and what nobody could prevent', () => {
  const families = [
    { user: 'a', style: 'strict', deadAt: 15_000 },
    { user: 'b', style: 'strict', deadAt: 16_000 },
    { user: 'c', style: 'grace', deadAt: null },
    { user: 'd', style: 'strict', deadAt: null },
  ];
  const tokens = [
    { family: 0, presentations: twice(5_000, 'reset') },
    { family: 1, presentations: twice(6_000) },
    { family: 2, presentations: [came(10_000, 'rotated', 'hang'), came(15_000, 'again')] },
    { family: 3, presentations: [came(10_000, 'rotated')] },
  ];
  const { repeats, recovered, rotations, endedAt, explained } = readLedger({ families, tokens }, []);
  expect(repeats).toEqual([
    { user: 'a', why: 'no-answer', afterMs: 5_000 },
    { user: 'b', why: 'unexplained', afterMs: 6_000 },
  ]);
  expect(recovered).toEqual([{ user: 'c', why: 'no-answer', afterMs: 5_000 }]);
  expect(rotations).toBe(4);
  expect([...endedAt]).toEqual([
    ['a', 15_000],
    ['b', 16_000],
  ]);
  expect([...explained]).toEqual(['a']);
});
