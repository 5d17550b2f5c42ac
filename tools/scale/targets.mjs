import { ratio, spread } from '../bench/measure/statistics.mjs';

const exact = (value) => ({ median: value, min: value, max: value });

/** @param {object[]} rounds of the worker and of the bare loop @returns {ReturnType<typeof spread>} */
export const shareOfBare = ({ worker, bare }) =>
  ratio(
    worker.map(({ perSecond }) => perSecond),
    bare.map(({ perSecond }) => perSecond),
  );

/** From the smallest to the largest size; one size alone says nothing of growth. */
export function growth(results, read) {
  return results.length < 2 ? undefined : read(results.at(-1)) / read(results[0]);
}

/** As {@link growth}, round by round. @param {(one: object) => number[]} read figures of each round */
export function pairedGrowth(results, read) {
  return results.length < 2 ? undefined : ratio(read(results.at(-1)), read(results[0]));
}

/** Figures of claims of each round. @param {'medianMs' | 'sweepMs' | 'emptyMs'} name */
export const claimRounds =
  (name) =>
  ({ claims }) =>
    claims.rounds.map((round) => round[name]);

/** Pages that a claim touches, cached or not. */
export const pagesOf = ({ claims }) => claims.buffers.hit + claims.buffers.read;

/**
 * What has to be reached, and whether it was; every size is judged.
 * @returns {Array<{ what: string, is: ReturnType<typeof spread>, digits: number, unit: string, met: boolean }>}
 */
export function judge(results) {
  const flat = [
    ['claim, median', claimRounds('medianMs')],
    ['claim, pages touched', (one) => [pagesOf(one)]],
    ['sweep of all that is due', claimRounds('sweepMs')],
    ['sweep that finds nothing', claimRounds('emptyMs')],
  ]
    .map(([what, read]) => ({ what: `${what}: largest / smallest size < 1.5`, is: pairedGrowth(results, read) }))
    .filter(({ is }) => is !== undefined)
    .map(({ what, is }) => ({ what, is, digits: 2, unit: '×', met: is.median < 1.5 }));
  const reached = results.flatMap(({ links, rounds }) => {
    const perSecond = spread(rounds.worker.map((one) => one.perSecond));
    const share = shareOfBare(rounds);
    return [
      {
        what: `refreshes per second of one worker, ${links} links ≥ 300`,
        is: perSecond,
        digits: 0,
        unit: '/s',
        met: perSecond.median >= 300,
      },
      {
        what: `share of the bare loop, ${links} links ≥ 0.50`,
        is: share,
        digits: 2,
        unit: '',
        met: share.median >= 0.5,
      },
    ];
  });
  const listed = results.map(({ links, lists }) => {
    const [name, { p95 }] = Object.entries(lists).toSorted(([, a], [, b]) => b.p95 - a.p95)[0];
    return {
      what: `p95 of the slowest page of the admin API (${name}), ${links} links < 100 ms`,
      is: exact(p95),
      digits: 1,
      unit: ' ms',
      met: p95 < 100,
    };
  });
  return [...flat, ...reached, ...listed];
}
