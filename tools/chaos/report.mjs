const columns = [
  ['seed', ({ seed }) => seed],
  ['faults', ({ figures }) => figures.faults],
  ['links', ({ figures }) => figures.links],
  ['alive', ({ figures }) => figures.alive],
  ['at risk', ({ figures }) => figures.states.at_risk ?? 0],
  ['dead', ({ figures }) => figures.states.dead ?? 0],
  ['lost', ({ figures }) => figures.lost],
  ['double', ({ figures }) => figures.doubleSpends],
  ['verdict', ({ figures }) => figures.verdicts],
  ['late', ({ figures }) => figures.late],
  ['wrong', ({ figures }) => figures.wrong + figures.stale],
  ['stuck', ({ figures }) => figures.unsettled],
  ['no answer', ({ figures }) => figures.windows['no-answer']],
  ['killed', ({ figures }) => figures.windows.killed],
  ['frozen', ({ figures }) => figures.windows.frozen],
  ['again', ({ figures }) => Object.values(figures.recovered).reduce((sum, one) => sum + one, 0)],
  ['rotations', ({ figures }) => figures.rotations],
  ['200', ({ figures }) => figures.answers.ok],
  ['503', ({ figures }) => figures.answers.unavailable],
  ['cut', ({ figures }) => figures.answers.cut],
  ['late while stopped', ({ figures }) => figures.lateExcused.stopped],
  ['while starved', ({ figures }) => figures.lateExcused.starved],
  ['slowest ms', ({ figures }) => figures.slowestMs],
];

const most = new Set(['slowest ms']);

/** A table in Markdown with a line per seed and their sum. @returns {string[]} */
export function table(results) {
  const rows = results.map((result) => columns.map(([, of]) => of(result)));
  const sum = columns.map(([name], at) => {
    if (name === 'seed') return 'all';
    const values = rows.map((row) => row[at]);
    return most.has(name) ? Math.max(...values) : values.reduce((total, one) => total + one, 0);
  });
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(([name]) => name)), line(columns.map(() => '--:')), ...[...rows, sum].map(line)];
}
