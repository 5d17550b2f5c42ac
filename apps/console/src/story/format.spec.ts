import { dayIn, formatDay, formatDistance, formatDuration } from './format.js';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [3_449, '3.4 s'],
  [59_000, '59 s'],
  [60_000, '1 min'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
  [11_400_000, '3 h 10 min'],
  [4 * 86_400_000, '4 d'],
])('%d ms are %s', (ms, words) => {
  expect(formatDuration(ms, 'en')).toBe(words);
});

test('German writes a comma, and days as T', () => {
  expect([formatDuration(3_449, 'de'), formatDuration(2 * 86_400_000, 'de')]).toEqual(['3,4 s', '2 T']);
});

const NOW = Date.parse('2026-01-31T12:00:00Z');
test.each([
  ['2026-01-31T12:00:00Z', 'now'],
  ['2026-01-31T11:59:30Z', '30 seconds ago'],
  ['2026-01-31T11:55:00Z', '5 minutes ago'],
  ['2026-01-31T09:00:00Z', '3 hours ago'],
  ['2026-01-30T12:00:00Z', 'yesterday'],
  ['2026-02-03T12:00:00Z', 'in 3 days'],
  ['2026-05-01T12:00:00Z', 'in 3 months'],
  ['2024-01-31T12:00:00Z', '2 years ago'],
])('%s is %s', (at, words) => {
  expect(formatDistance(at, NOW, 'en')).toBe(words);
});

test('a day is that of the viewer, not of Greenwich', () => {
  expect(dayIn('2026-01-31T23:30:00Z', 'Europe/Berlin')).toBe('2026-02-01');
  expect(dayIn('2026-01-31T23:30:00Z', 'America/New_York')).toBe('2026-01-31');
  expect(formatDay('2026-02-01', 'en')).toBe('Sunday, 1 February 2026');
});
