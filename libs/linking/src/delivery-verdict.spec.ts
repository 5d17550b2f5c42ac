import fc from 'fast-check';
import { judgeDelivery, type SentEvent } from './delivery-verdict.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const secondsUntil = (next: Date | null): number => ((next?.getTime() ?? NaN) - NOW.getTime()) / 1_000;
const judge = (sent: SentEvent, attempt = 1, random = 0) => judgeDelivery(sent, attempt, NOW, random);

describe('an attempt', () => {
  it.each([200, 201, 204, 299])('answered %i is delivered', (status) => {
    expect(judge({ status })).toEqual({ state: 'delivered', error: null, next: null, gone: false, sick: false });
  });

  it.each([
    [{ status: 500 }, 'HTTP 500', true],
    [{ status: 503 }, 'HTTP 503', true],
    [{ status: 429 }, 'HTTP 429', true],
    [{ status: 400 }, 'HTTP 400', false],
    [{ status: 401 }, 'HTTP 401', false],
    [{ status: 302 }, 'HTTP 302; redirects are not followed', false],
    [{ status: null, error: 'outbound request failed: hooks.example: no answer in time' }, undefined, true],
    [{ status: null }, 'no answer', true],
  ])('%j is tried again', (sent: SentEvent, error, sick) => {
    const verdict = judge(sent);
    expect(verdict).toMatchObject({ state: 'pending', error: error ?? sent.error, gone: false, sick });
    expect(secondsUntil(verdict.next)).toBe(5);
  });

  it('answered 410 ends, and its webhook with it', () => {
    expect(judge({ status: 410 })).toEqual({ state: 'dead', error: 'HTTP 410', next: null, gone: true, sick: false });
  });

  it('says at most so much of why', () => {
    expect(judge({ status: null, error: 'x'.repeat(1_000) }).error).toHaveLength(200);
  });
});

describe('the pause', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [10, 2_560],
    [11, 3_600],
    [79, 3_600],
  ])('after attempt %i is %i seconds', (attempt, seconds) => {
    expect(secondsUntil(judge({ status: 500 }, attempt).next)).toBe(seconds);
  });

  it.each([
    ['0', 5],
    ['120', 120],
    ['99999', 3_600],
    ['-1', 5],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 5],
    ['1e3', 5],
  ])('with Retry-After %j is %i seconds', (retryAfter, seconds) => {
    expect(secondsUntil(judge({ status: 503, retryAfter }).next)).toBe(seconds);
  });

  it('is spread, never shorter and never more than a quarter longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 79 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const [least, actual] = [0, random].map((share) => secondsUntil(judge({ status: 500 }, attempt, share).next));
        expect(actual).toBeGreaterThanOrEqual(least!);
        expect(actual).toBeLessThanOrEqual(least! * 1.25 + 0.001);
      }),
    );
  });

  it('adds up to about three days, and then it is given up', () => {
    const pauses = Array.from({ length: 79 }, (_, index) => secondsUntil(judge({ status: 500 }, index + 1).next));
    expect(pauses.reduce((sum, pause) => sum + pause, 0) / 86_400).toBeCloseTo(2.9, 1);
    expect(judge({ status: 500 }, 80)).toMatchObject({ state: 'dead', next: null, error: 'HTTP 500' });
  });
});
