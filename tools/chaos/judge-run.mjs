import { limitMs } from './judge-answer.mjs';

/**
 * Holds what was observed against what is promised. Pure.
 * @param {{ observed: object[], fates: import('./inject.mjs').Fate[], ledger: ReturnType<typeof import('./verdict.mjs').readLedger>, starved: (broker: string, from: number, to: number) => boolean, final: object }} run
 */
export function judgeRun({ observed, fates, ledger, starved, final }) {
  const count = (outcome) => observed.filter((one) => one.outcome === outcome).length;
  const late = observed
    .filter(({ outcome, ms }) => outcome !== 'cut' && ms > limitMs)
    .map((one) => ({ ...one, excuse: excuseOf(one, fates, starved) }));
  const verdicts = observed.filter(({ outcome }) => outcome === 'verdict');
  const living = verdicts.filter((one) => !hasEnded(one, ledger));
  const stale = observed.filter(({ note }) => note === 'stale').filter((one) => !hasEnded(one, ledger));
  const clockWasSet = (at) => fates.some((fate) => fate.what === 'clock' && fate.from <= at);
  const unexcused = {
    lost: final.links.filter(({ user, works }) => !works && !ledger.explained.has(user)),
    // A graceful upstream forgives it; that it was necessary is a fault all the same.
    doubleSpends: [...ledger.repeats, ...ledger.recovered].filter(({ why }) => why === 'unexplained'),
    verdicts: living,
    late: late.filter(({ excuse }) => excuse === null),
    wrong: observed.filter(({ outcome, note }) => outcome === 'wrong' || note === 'foreign'),
    stale: stale.filter(({ beganAt }) => !clockWasSet(beganAt)),
    unsettled: final.unsettled,
  };
  return {
    violations: Object.entries(unexcused).flatMap(([what, list]) => list.map((about) => ({ what, about }))),
    figures: {
      links: final.links.length,
      alive: final.links.filter(({ works }) => works).length,
      ...Object.fromEntries(Object.entries(unexcused).map(([what, list]) => [what, list.length])),
      windows: tally(ledger.repeats.filter(({ why }) => why !== 'unexplained')),
      triedAfterMs: ledger.repeats.map(({ afterMs }) => afterMs),
      recovered: tally(ledger.recovered.filter(({ why }) => why !== 'unexplained')),
      rotations: ledger.rotations,
      answers: { ok: count('ok'), unavailable: count('unavailable'), cut: count('cut') },
      lateExcused: {
        stopped: late.filter(({ excuse }) => excuse === 'stopped').length,
        starved: late.filter(({ excuse }) => excuse === 'starved').length,
      },
      staleByClock: stale.length - unexcused.stale.length,
      slowestMs: Math.round(
        Math.max(
          0,
          ...observed
            .filter((one) => one.outcome !== 'cut' && excuseOf(one, fates, starved) === null)
            .map(({ ms }) => ms),
        ),
      ),
    },
  };
}

const hasEnded = ({ user, beganAt, ms }, { endedAt }) => (endedAt.get(user) ?? Infinity) <= beganAt + ms;

function tally(repeats) {
  const counts = { 'no-answer': 0, killed: 0, frozen: 0 };
  for (const { why } of repeats) counts[why] = (counts[why] ?? 0) + 1;
  return counts;
}

/** Why an answer could not be in time: its broker stood still, or there was no processor for it or for us. */
function excuseOf({ broker, beganAt, ms }, fates, starved) {
  const end = beganAt + ms;
  if (fates.some((fate) => fate.what === 'frozen' && fate.name === broker && fate.from <= end && fate.to >= beganAt))
    return 'stopped';
  return starved(broker, beganAt, end) ? 'starved' : null;
}
