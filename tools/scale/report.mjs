import { spread } from '../bench/measure/statistics.mjs';
import { shown, table } from '../bench/report.mjs';
import { claimRounds, growth, pairedGrowth, pagesOf, shareOfBare } from './targets.mjs';

const percent = (share) => `${(share * 100).toFixed(1)} %`;

/**
 * One column a size, and how the last compares with the first.
 * @param {Array<[string, (one: object) => number, number, ((value: number) => string)?, ((one: object) => number[])?]>} lines
 */
function bySize(title, results, lines) {
  const grows = results.length > 1;
  const head = [title, ...results.map(({ links }) => `${links} links`), ...(grows ? ['growth'] : [])];
  const rows = lines.map(([what, read, digits, format, roundByRound]) => {
    const cells = results.map((one) => (format ? format(read(one)) : read(one).toFixed(digits)));
    const ratio = roundByRound ? pairedGrowth(results, roundByRound)?.median : growth(results, read);
    return [what, ...cells, ...(grows ? [digits === null || !Number.isFinite(ratio) ? '–' : ratio.toFixed(2)] : [])];
  });
  return table(head, rows);
}

function sizeTable(results) {
  const [first] = results;
  const each = (read) => (one) => read(one.size) / one.links;
  const lines = Object.entries(first.size).flatMap(([name, { indexes }]) => [
    [name, each((size) => size[name].table), 0],
    ...Object.keys(indexes).map((index) => [`  ${index}`, each((size) => size[name].indexes[index]), 0]),
  ]);
  const all = each((size) => Object.values(size).reduce((sum, { total }) => sum + total, 0));
  return bySize('bytes per link', results, [...lines, ['all', all, 0]]);
}

/** A figure of each round: its median, and growth from round to round. */
function ofRounds(what, name, digits) {
  const read = claimRounds(name);
  return [what, (one) => spread(read(one)).median, digits, undefined, read];
}

const claimTable = (results) =>
  bySize('claims of 64 sets', results, [
    ofRounds('p50 ms', 'medianMs', 2),
    ['p99 ms', ({ claims }) => claims.latency.p99, 2],
    ['p50 ms right after a checkpoint', ({ claims }) => claims.imagedMs, 2],
    ['pages touched', pagesOf, 0],
    ['pages not in shared buffers', ({ claims }) => claims.buffers.read, 0],
    ['pages dirtied', ({ claims }) => claims.buffers.dirtied, 0],
    ofRounds('sweep of all that is due, ms', 'sweepMs', 0),
    ofRounds('sweep that finds nothing, p50 ms', 'emptyMs', 3),
    ['  p99 ms', ({ claims }) => claims.empty.latency.p99, 3],
    ['  pages touched', ({ claims }) => claims.empty.pages, 0],
  ]);

function throughputTable(results) {
  const head = ['upstream refreshes', 'per second', 'share', 'process CPU ms', 'PostgreSQL CPU ms'];
  const rows = results.flatMap(({ links, rounds }) =>
    [
      ['worker', rounds.worker, shown(shareOfBare(rounds), 2)],
      ['bare loop', rounds.bare, '–'],
    ].map(([name, figures, share]) => {
      const column = (read, digits) => shown(spread(figures.map(read)), digits);
      const rate = column(({ perSecond }) => perSecond, 0);
      return [
        `${name}, ${links} links`,
        rate,
        share,
        column(({ cpuMs }) => cpuMs, 2),
        column(({ postgresCpuMs }) => postgresCpuMs, 2),
      ];
    }),
  );
  const left = bySize('left behind by an upstream refresh', results, [
    ['journal with its indexes, bytes', (one) => one.left.journalBytes, 0],
    ['token sets with their indexes, bytes', (one) => one.left.setBytes, 0],
    ['autovacuums of the token sets', (one) => one.left.autovacuums, null, String],
  ]);
  return `${table(head, rows)}\n\n${left}`;
}

const facadeTable = (results) =>
  bySize('facade refreshes, one for each link', results, [
    ['per second, two connections, 16 a statement', ({ facade }) => facade.perSecond, 0],
    ['statement p99 ms', ({ facade }) => facade.latency.p99, 2],
    ['HOT updates', ({ facade }) => facade.hotShare, null, percent],
    ['dead rows afterwards', ({ facade }) => facade.dead, null, String],
    ['autovacuums of the grants', ({ facade }) => facade.autovacuums, null, String],
    ['table grew by', ({ facade }) => facade.tableGrowth, null, percent],
    ['indexes grew by', ({ facade }) => facade.indexGrowth, null, percent],
    ['a vacuum afterwards, s', ({ facade }) => facade.vacuumSeconds, 2],
  ]);

const listTable = (results) =>
  bySize(
    'pages of the admin API, ms',
    results,
    Object.keys(results[0].lists).flatMap((page) => [
      [`${page}, p50`, ({ lists }) => lists[page].p50, 1],
      [`  p95`, ({ lists }) => lists[page].p95, 1],
    ]),
  );

/** @returns {string} everything measured, as Markdown tables */
export const tables = (results) =>
  [claimTable, throughputTable, sizeTable, facadeTable, listTable].map((make) => make(results)).join('\n\n');
