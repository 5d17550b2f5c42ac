import { readLifetime } from './read-lifetime.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const SECONDS = NOW.getTime() / 1_000;
const read = (answer: unknown, unit: 'seconds' | 'milliseconds' = 'seconds', now: Date | undefined = NOW) =>
  readLifetime(answer, {}, unit, now);

describe('readLifetime', () => {
  it.each([
    ['a number', { expires_in: 3_600 }, 3_600],
    ['text', { expires_in: '3600' }, 3_600],
    ['a fraction', { expires_in: 3_599.87 }, 3_599],
    ['a fraction as text', { expires_in: '3599.87' }, 3_599],
    ['a lifetime before a moment', { expires_in: 60, expires_at: SECONDS + 3_600 }, 60],
    ['a moment in seconds', { expires_at: SECONDS + 3_600 }, 3_600],
    ['a moment in milliseconds', { expires_at: (SECONDS + 3_600) * 1_000 }, 3_600],
    ['a moment in words', { expires_at: '2026-11-22T13:00:00Z' }, 3_600],
    ['nothing', {}, undefined],
    ['zero', { expires_in: 0 }, undefined],
    ['less than a second', { expires_in: 0.5 }, undefined],
    ['a negative number', { expires_in: -1 }, undefined],
    ['words', { expires_in: 'soon' }, undefined],
    ['a number beyond all bounds', { expires_in: 1e300 }, undefined],
    ['a list', { expires_in: [3_600] }, undefined],
    ['a moment that has passed', { expires_at: SECONDS - 1 }, undefined],
    ['a moment in other words', { expires_at: 'tomorrow' }, undefined],
  ])('of %s', (_, answer, seconds) => {
    expect(read(answer)).toBe(seconds);
  });

  it('reads milliseconds where the provider counts in them', () => {
    expect(read({ expires_in: 3_600_000 }, 'milliseconds')).toBe(3_600);
  });

  it('does not read a moment without knowing the time', () => {
    expect(readLifetime({ expires_at: SECONDS + 60 }, {}, 'seconds', undefined)).toBeUndefined();
  });
});
