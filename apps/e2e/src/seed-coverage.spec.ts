import { checkedRules, recordedRules } from '@linkbroker/doctor';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './launcher/launch.js';

/** docs/seed-coverage.md against the repository: what it names has to be there. */
const page = readFileSync(join(root, 'docs/seed-coverage.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| [BF]\d+ /.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const cells = rows.map((row) => [row[0]!, row] as const);

test('every line of either guide is there once, in order', () => {
  const of = (guide: string): readonly string[] =>
    rows.map(([line = '']) => line).filter((line) => line.startsWith(guide));
  for (const guide of ['B', 'F']) {
    expect(of(guide)).toEqual(Array.from(of(guide), (_, index) => `${guide}${index + 1}`));
  }
  expect([of('B').length, of('F').length]).toEqual([30, 44]);
});

test.each(cells)('%s has all its cells', (_line, row) => {
  expect(row).toHaveLength(5);
  for (const cell of row) expect(cell).not.toMatch(/^[-–—.\s]*$/);
});

test.each(cells)('%s: each rule has a check of the doctor', (_line, [, , , doctor = '']) => {
  const rules = doctor.split(', ');
  for (const rule of rules) expect([...checkedRules, ...recordedRules]).toContain(rule);
});

/** As it may stand in a source: in any quotes. */
const isQuoted = (source: string, name: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(`${quote}${name}`) || source.includes(`${name}${quote}`));

test.each(cells)('%s: each test is there', (line, [, , , , tests = '']) => {
  for (const named of tests.split('; ')) {
    const [, file = '', name = ''] = /^`([^`]+)`: "([^"]+)"$/.exec(named) ?? [];
    expect([line, file, existsSync(join(root, file)) && file !== '']).toEqual([line, file, true]);
    expect([line, name, isQuoted(readFileSync(join(root, file), 'utf8'), name)]).toEqual([line, name, true]);
  }
});
