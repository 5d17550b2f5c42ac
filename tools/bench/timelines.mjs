import { say } from '../lib/problem.mjs';
import { arrivals, refresh } from './contest.mjs';
import { ratio, spread } from './measure/statistics.mjs';

/** Milliseconds: longer than the broker gathers entries before it writes them, so that their cost is counted too. */
const settle = 600;

/** Under load and at half of it; in each a broker with timelines, as it is shipped, and without. */
export const timelineResults = () => ({ closed: { with: [], without: [] }, arrivals: { with: [], without: [] } });

const states = ['with', 'without'];

/** In turns, so that what is compiled has seen both. */
export async function warmUpSwitched({ broker, measure, options }) {
  say('warming up a broker with timelines and without …');
  for (const state of [...states, ...states.toReversed(), ...states]) {
    await broker.switchTo(state);
    await refresh(broker, measure, { ...options, closedSeconds: options.warmUpSeconds });
  }
}

/**
 * One round of the broker with and without timelines, at the same work: under load twice each, in the order of A B B A, so
 * that a machine that slows down steadily favours neither; which of the two is A alternates from round to round.
 */
export async function playTimelines({ round, broker, measure, options, results }) {
  const [a, b] = round % 2 === 0 ? states : states.toReversed();
  const halves = { ...options, closedSeconds: options.closedSeconds / 2, settle };
  const closed = { with: [], without: [] };
  for (const state of [a, b, b, a]) {
    await broker.switchTo(state);
    closed[state].push(await refresh(broker, measure, halves));
  }
  for (const state of states) results.closed[state].push(together(closed[state]));
  const rate = spread(results.closed.without.map(({ perSecond }) => perSecond)).median / 2;
  for (const state of [a, b]) {
    await broker.switchTo(state);
    results.arrivals[state].push(await arrivals(broker, measure, { ...options, rate, settle }));
  }
  const { server } = timelineShares({ closed: lastOf(results.closed), arrivals: lastOf(results.arrivals) }).closed;
  say(`round ${round + 1}: timelines: ${server.median.toFixed(3)} times the server CPU of a broker without them`);
}

const lastOf = (pair) => ({ with: pair.with.slice(-1), without: pair.without.slice(-1) });

/** Two runs as if they were one. */
function together(runs) {
  const requests = runs.reduce((sum, one) => sum + one.requests, 0);
  const perRequest = (name) => runs.reduce((sum, one) => sum + one[name] * one.requests, 0) / requests;
  const mean = (read) => runs.reduce((sum, one) => sum + read(one), 0) / runs.length;
  return {
    requests,
    perSecond: mean((one) => one.perSecond),
    latency: { p50: mean((one) => one.latency.p50), p99: mean((one) => one.latency.p99) },
    serverCpuMs: perRequest('serverCpuMs'),
    postgresCpuMs: perRequest('postgresCpuMs'),
    walRecordBytes: perRequest('walRecordBytes'),
    othersShare: mean((one) => one.othersShare),
  };
}

/**
 * Processor time per refresh with timelines, divided by that without, round by round: of the server process with all its
 * threads, of PostgreSQL, and of both.
 */
export function timelineShares(results) {
  const shares = (pair) => {
    const of = (read) => ratio(pair.with.map(read), pair.without.map(read));
    return {
      server: of((one) => one.serverCpuMs),
      postgres: of((one) => one.postgresCpuMs),
      both: of((one) => one.serverCpuMs + one.postgresCpuMs),
    };
  };
  return { closed: shares(results.closed), arrivals: shares(results.arrivals) };
}
