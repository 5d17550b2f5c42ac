import { ratio, spread } from './measure/statistics.mjs';
import { judgeAcceptGrants } from './accept-grants.mjs';
import { timelineShares } from './timelines.mjs';

const megabyte = 1_048_576;

/** Reads of the broker's own (its client cache looks every few seconds) must not count as a second commit. */
const commitTolerance = 0.05;

/**
 * What the broker must reach, and whether it did. The median of the rounds decides; memory is judged by the largest.
 * @param {{ results: object, timelines: object, starts: number[], transactions: { perRefresh: Record<string, number>, perTokenExchange: number } }} measured
 * @returns {Array<{ what: string, is: { median: number, min: number, max: number }, digits: number, unit: string, met: boolean }>}
 */
export function judge({ results, timelines, acceptGrants, starts, transactions }) {
  const of = (workload, key, read) => results[workload][key].map(read);
  const perSecond = (key) => of('refresh', key, (one) => one.perSecond);
  const broker = (read) => spread(of('refresh', 'broker', read));
  const p99 = (key) => of('arrivals', key, (one) => one.latency.p99);
  const exact = (value) => ({ median: value, min: value, max: value });
  const atLeast = (bound, rest) => ({ ...rest, met: rest.is.median >= bound });
  const below = (bound, rest) => ({ ...rest, met: rest.is.median <= bound });
  const memory = broker((one) => one.memoryBytes / megabyte);
  return [
    atLeast(0.7, {
      what: 'refresh, share of the bare limit ≥ 0.70',
      is: ratio(perSecond('broker'), perSecond('bare')),
      digits: 2,
      unit: '',
    }),
    atLeast(3.5, {
      what: 'refresh, times oidc-provider with rotation ≥ 3.5',
      is: ratio(perSecond('broker'), perSecond('oidc-rotating')),
      digits: 2,
      unit: '×',
    }),
    below(1 + commitTolerance, {
      what: 'commits per refresh, at most 1',
      is: broker((one) => one.commits),
      digits: 3,
      unit: '',
    }),
    below(1 + commitTolerance, {
      what: 'transactions per refresh, reads included, at most 1',
      is: exact(transactions.perRefresh.broker),
      digits: 3,
      unit: '',
    }),
    below(300, {
      what: 'WAL per refresh, without its timeline and full-page images ≤ 300 B',
      is: spread(timelines.closed.without.map((one) => one.walRecordBytes)),
      digits: 0,
      unit: ' B',
    }),
    atLeast(0.7, {
      what: 'token exchange, share of refresh ≥ 0.70',
      is: tokenExchangeShare(results),
      digits: 2,
      unit: '',
    }),
    below(1 + commitTolerance, {
      what: 'transactions per token exchange that comes alone, at most 1',
      is: exact(transactions.perTokenExchange),
      digits: 3,
      unit: '',
    }),
    below(2, {
      what: 'p99 at half the peak, times the bare limit’s ≤ 2',
      is: ratio(p99('broker'), p99('bare')),
      digits: 2,
      unit: '×',
    }),
    judgeTimelines(timelines),
    ...judgeAcceptGrants(acceptGrants),
    { what: 'largest RSS under refresh load < 200 MB', is: memory, digits: 0, unit: ' MB', met: memory.max < 200 },
    below(3, {
      what: 'start until /health/live < 3 s',
      is: spread(starts.map((one) => one / 1_000)),
      digits: 2,
      unit: ' s',
    }),
  ];
}

/** How many tokens the broker releases for one that it refreshes, round by round. */
export const tokenExchangeShare = ({ tokenExchange, refresh }) =>
  ratio(
    tokenExchange.broker.map((one) => one.perSecond),
    refresh.broker.map((one) => one.perSecond),
  );

/** @param {ReturnType<typeof import('./timelines.mjs').timelineResults>} timelines */
export function judgeTimelines(timelines) {
  const is = timelineShares(timelines).closed.server;
  const what = 'server CPU per refresh with timelines, times that without < 1.10';
  return { what, is, digits: 3, unit: '×', met: is.median < 1.1 };
}
