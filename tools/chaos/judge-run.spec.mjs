import { expect, test } from '@jest/globals';
import { judgeRun } from './judge-run.mjs';

const one = (more) => ({
  user: 'a',
  what: 'exchange',
  broker: 'broker-1',
  outcome: 'ok',
  status: 200,
  beganAt: 10_000,
  ms: 50,
  note: '',
  ...more,
});
const nothing = { repeats: [], recovered: [], rotations: 0, endedAt: new Map(), explained: new Set() };
const whole = { links: [{ user: 'a', works: true, why: '', state: 'active' }], unsettled: [] };

function violations({ observed = [], fates = [], ledger = {}, final = whole, starved = () => false }) {
  const run = { observed, fates, ledger: { ...nothing, ...ledger }, starved, final };
  return judgeRun(run).violations.map(({ what }) => what);
}

test('nothing is wrong with answers in time, with 503, and with connections that were cut', () => {
  expect(
    violations({ observed: [one(), one({ outcome: 'unavailable' }), one({ outcome: 'cut', ms: 9_000 })] }),
  ).toEqual([]);
});

test('a verdict about a living link is a violation; about one that had ended upstream it is the truth', () => {
  const observed = [one({ outcome: 'verdict' })];
  expect(violations({ observed })).toEqual(['verdicts']);
  expect(violations({ observed, ledger: { endedAt: new Map([['a', 20_000]]) } })).toEqual(['verdicts']);
  expect(violations({ observed, ledger: { endedAt: new Map([['a', 9_000]]) } })).toEqual([]);
});

test('a late answer is a violation, except of a broker that stood still or had no processor', () => {
  const observed = [one({ ms: 5_000 })];
  const frozen = (name, from) => ({ name, what: 'frozen', from, to: from + 3_000, pid: 1 });
  expect(violations({ observed })).toEqual(['late']);
  expect(violations({ observed, fates: [frozen('broker-1', 11_000)] })).toEqual([]);
  expect(violations({ observed, fates: [frozen('broker-2', 11_000), frozen('broker-1', 15_001)] })).toEqual(['late']);
  expect(violations({ observed, starved: () => true })).toEqual([]);
});

test('a released token that the upstream does not take is a violation, unless a clock was set before', () => {
  const observed = [one({ note: 'stale' })];
  expect(violations({ observed })).toEqual(['stale']);
  expect(
    violations({ observed, fates: [{ name: 'worker-1', what: 'clock', from: 9_000, to: 9_500, pid: null }] }),
  ).toEqual([]);
  expect(violations({ observed: [one({ note: 'foreign' })] })).toEqual(['wrong']);
});

test('a link that does not work is lost, unless nobody could prevent it', () => {
  const final = { links: [{ user: 'a', works: false, why: 'x', state: 'at_risk' }], unsettled: [] };
  expect(violations({ final })).toEqual(['lost']);
  expect(violations({ final, ledger: { explained: new Set(['a']) } })).toEqual([]);
});

test('a token spent twice without a reason, and what is left over, are violations', () => {
  const repeats = [
    { user: 'a', why: 'unexplained', afterMs: 1 },
    { user: 'a', why: 'killed', afterMs: 1 },
  ];
  expect(violations({ ledger: { repeats } })).toEqual(['doubleSpends']);
  expect(violations({ ledger: { recovered: repeats } })).toEqual(['doubleSpends']);
  expect(violations({ final: { ...whole, unsettled: [{ why: '2 spooled' }] } })).toEqual(['unsettled']);
});
