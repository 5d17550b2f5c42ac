import { ratio, spread } from './measure/statistics.mjs';
import { tokenExchangeShare } from './targets.mjs';
import { timelineShares } from './timelines.mjs';

/** A Markdown table with its columns lined up: it is read in a terminal and pasted into a document alike. */
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => pad(cell, widths[column], column)).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(all[0]), rule, ...all.slice(1).map(line)].join('\n');
}

const pad = (text, width, column) => (column ? text.padStart(width) : text.padEnd(width));

const fixed = (value, digits) => value.toFixed(digits);

/** `median (min–max)` over the rounds. */
export function shown({ median, min, max }, digits, unit = '') {
  const range = min === max ? '' : ` (${fixed(min, digits)}–${fixed(max, digits)})`;
  return `${fixed(median, digits)}${unit}${range}`;
}

const columnsOf = (figures) => (read, digits) => shown(spread(figures.map(read)), digits);

function refreshTable({ results, contestants, transactions }) {
  const head = [
    'refresh, closed loop',
    'per second',
    'p50 ms',
    'p99 ms',
    'server CPU ms',
    'PostgreSQL CPU ms',
    'RSS MB',
  ];
  const rows = contestants.map(({ key, label }) => {
    const column = columnsOf(results.refresh[key]);
    return [
      label,
      column((one) => one.perSecond, 0),
      column((one) => one.latency.p50, 2),
      column((one) => one.latency.p99, 2),
      column((one) => one.serverCpuMs, 3),
      column((one) => one.postgresCpuMs, 3),
      column((one) => one.memoryBytes / 1_048_576, 0),
    ];
  });
  const written = ['written per refresh', 'WAL B', 'records B', 'full-page images B', 'commits', 'transactions'];
  const writes = contestants.map(({ key, label }) => {
    const column = columnsOf(results.refresh[key]);
    return [
      label,
      column((one) => one.walBytes, 0),
      column((one) => one.walRecordBytes, 0),
      column((one) => one.walFullPageBytes, 0),
      column((one) => one.commits, 3),
      fixed(transactions.perRefresh[key], 3),
    ];
  });
  return [table(head, rows), table(written, writes)];
}

/** What a skill's own server asks for beside what Alexa asks for, of one server in one run. */
function tokenExchangeTable({ results, transactions }) {
  const head = [
    'Linkbroker, closed loop',
    'per second',
    'share of refresh',
    'p50 ms',
    'p99 ms',
    'server CPU ms',
    'PostgreSQL CPU ms',
    'transactions, alone',
  ];
  const rows = [
    ['refresh', results.refresh.broker, '–', '–'],
    [
      'token exchange',
      results.tokenExchange.broker,
      shown(tokenExchangeShare(results), 2),
      fixed(transactions.perTokenExchange, 3),
    ],
  ].map(([label, figures, share, alone]) => {
    const column = columnsOf(figures);
    return [
      label,
      column((one) => one.perSecond, 0),
      share,
      column((one) => one.latency.p50, 2),
      column((one) => one.latency.p99, 2),
      column((one) => one.serverCpuMs, 3),
      column((one) => one.postgresCpuMs, 3),
      alone,
    ];
  });
  return table(head, rows);
}

const exchangers = ({ results, contestants }) => contestants.filter(({ key }) => results.exchange[key].length > 0);

function exchangeTable({ results, contestants }) {
  const head = ['code exchange, closed loop', 'per second', 'p50 ms', 'p99 ms', 'server CPU ms', 'WAL B', 'commits'];
  const rows = exchangers({ results, contestants }).map(({ key, label }) => {
    const column = columnsOf(results.exchange[key]);
    return [
      label,
      column((one) => one.perSecond, 0),
      column((one) => one.latency.p50, 2),
      column((one) => one.latency.p99, 2),
      column((one) => one.serverCpuMs, 3),
      column((one) => one.walRecordBytes, 0),
      column((one) => one.commits, 2),
    ];
  });
  return table(head, rows);
}

function arrivalsTable({ results, contestants }) {
  const head = ['refresh, arrivals at half the peak', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'];
  const rows = contestants.map(({ key, label }) => {
    const column = columnsOf(results.arrivals[key]);
    return [
      label,
      column((one) => one.perSecond, 0),
      column((one) => one.latency.p50, 2),
      column((one) => one.latency.p95, 2),
      column((one) => one.latency.p99, 2),
      column((one) => one.latency.max, 1),
    ];
  });
  return table(head, rows);
}

function ratioTable({ results, contestants }) {
  const head = [
    'Linkbroker divided by',
    'refreshes per second',
    'exchanges per second',
    'p99 at half the peak',
    'CPU per refresh',
  ];
  // Processor time hardly depends on what else the machine does, throughput does.
  const cpu = (key) => results.refresh[key].map((one) => one.serverCpuMs + one.postgresCpuMs);
  const perSecond = (workload, key) => results[workload][key].map((one) => one.perSecond);
  const p99 = (key) => results.arrivals[key].map((one) => one.latency.p99);
  const others = contestants.filter(({ key }) => key !== 'broker');
  const rows = others.map(({ key, label }) => [
    label,
    shown(ratio(perSecond('refresh', 'broker'), perSecond('refresh', key)), 2),
    results.exchange[key].length ? shown(ratio(perSecond('exchange', 'broker'), perSecond('exchange', key)), 2) : '–',
    shown(ratio(p99('broker'), p99(key)), 2),
    shown(ratio(cpu('broker'), cpu(key)), 2),
  ]);
  return table(head, rows);
}

/** What recording costs. @param {{ timelines: object }} measured */
export function timelineTables({ timelines }) {
  const loads = { closed: 'closed loop', arrivals: 'arrivals at half the peak' };
  const head = ['timelines', 'per second', 'p99 ms', 'server CPU ms', 'PostgreSQL CPU ms', 'both', 'WAL B'];
  const rows = Object.entries(loads).flatMap(([load, label]) =>
    ['with', 'without'].map((which) => {
      const column = columnsOf(timelines[load][which]);
      return [
        `${label}, ${which}`,
        column((one) => one.perSecond, 0),
        column((one) => one.latency.p99, 2),
        column((one) => one.serverCpuMs, 3),
        column((one) => one.postgresCpuMs, 3),
        column((one) => one.serverCpuMs + one.postgresCpuMs, 3),
        column((one) => one.walRecordBytes, 0),
      ];
    }),
  );
  const shares = timelineShares(timelines);
  const ratios = Object.entries(loads).map(([load, label]) => [
    label,
    ...['server', 'postgres', 'both'].map((which) => shown(shares[load][which], 3)),
  ]);
  const compared = ['with timelines divided by without', 'server CPU', 'PostgreSQL CPU', 'both'];
  return [table(head, rows), table(compared, ratios)].join('\n\n');
}

/** AcceptGrant beside Login with Amazon alone. @param {{ acceptGrants: object }} measured */
export function acceptGrantTable({ acceptGrants: { rounds } }) {
  const rows = [
    ['AcceptGrant at the broker', 'broker'],
    ['Login with Amazon alone', 'lwa'],
  ].map(([label, which]) => {
    const column = columnsOf(rounds.map((one) => one[which]));
    return [label, ...['p50', 'p95', 'p99', 'max'].map((name) => column((one) => one[name], 1))];
  });
  return table(['AcceptGrant, 40 a second', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'], rows);
}

/** @returns {string} everything measured, as Markdown tables; each cell is `median (min–max)` over the rounds */
export function tables(measured) {
  const others = [exchangeTable, arrivalsTable, tokenExchangeTable, timelineTables, acceptGrantTable, ratioTable].map(
    (make) => make(measured),
  );
  return [...refreshTable(measured), ...others].join('\n\n');
}

/** @param {ReturnType<typeof import('./targets.mjs').judge>} verdicts */
export function targetTable(verdicts) {
  const rows = verdicts.map(({ what, is, digits, unit, met }) => [
    what,
    shown(is, digits, unit),
    met ? 'met' : 'MISSED',
  ]);
  return table(['target', 'measured', ''], rows);
}

/** @param {string} how what was done, in a few words */
export function machineLines({ machine }, how) {
  const gigabytes = Math.round(machine.memoryBytes / 2 ** 30);
  const write = `${machine.fileSystem}, durable 8 kB write ${shown(machine.durableWriteMs, 2)} ms`;
  return [
    `${machine.date.slice(0, 10)}, commit ${machine.commit}; ${how}`,
    `${machine.processors}, ${gigabytes} GB, Linux ${machine.kernel}, ${write}`,
    `Node ${machine.node}, PostgreSQL ${machine.postgres}; load average before: ${machine.loadAverage.toFixed(2)}`,
  ].join('\n');
}

/** What makes figures doubtful. @returns {string[]} */
export function doubts({ results, contestants, machine }) {
  const found = [];
  if (machine.loadAverage > 1)
    found.push(`the machine was busy before the run (load ${machine.loadAverage.toFixed(2)})`);
  for (const { key, label } of contestants) {
    const generator = spread(results.refresh[key].map((one) => one.generatorShare)).median;
    if (generator > 0.7)
      found.push(`the load generator was the bottleneck for ${label}: ${fixed(generator * 100, 0)} % of a core`);
    const others = spread(results.refresh[key].map((one) => one.othersShare));
    if (others.max > 0.15)
      found.push(`others used up to ${fixed(others.max * 100, 0)} % of the machine while ${label} was measured`);
  }
  return found;
}
