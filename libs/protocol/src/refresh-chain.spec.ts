import fc from 'fast-check';
import {
  agedGeneration,
  CHECKPOINT_INTERVAL,
  decideRefresh,
  MAX_CHECKPOINTS,
  nextCheckpoints,
  SUCCESSOR_AGE,
  type ChainState,
  type RefreshKeep,
} from './refresh-chain.js';

const DAY = 86_400;
const NOW = 1_800_000_000;
const state = (generation: number, changes: Partial<ChainState> = {}): ChainState => ({
  generation,
  generationAt: NOW - DAY,
  checkpoints: [],
  ...changes,
});

describe('decideRefresh', () => {
  const aged = { checkpoints: [{ generation: 7, at: NOW - SUCCESSOR_AGE - 1 }] };
  const young = { checkpoints: [{ generation: 7, at: NOW - SUCCESSOR_AGE }] };

  it.each([
    ['the newest rotates', state(10), 10, null, 'rotated', 11],
    ['the newest rotates where few are kept', state(10), 10, 1, 'rotated', 11],
    ['the one before is a retry', state(10), 9, null, 'replayed', 10],
    ['the very first is a retry where all are kept', state(10, aged), 1, null, 'replayed', 10],
    ['a kept one is a retry, however old', state(10, aged), 5, 5, 'replayed', 10],
    ['one too many behind is refused once its successor is 30 days old', state(10, aged), 4, 5, 'too-old', null],
    ['not on the last second of them', state(10, young), 4, 5, 'replayed', 10],
    ['not while its successor is not known to be old', state(10, aged), 7, 2, 'replayed', 10],
    ['the one before the aged one is', state(10, aged), 6, 2, 'too-old', null],
    ['not without checkpoints', state(10), 1, 1, 'replayed', 10],
    [
      'but it is when the newest itself is that old',
      state(10, { generationAt: NOW - SUCCESSOR_AGE - 1 }),
      1,
      1,
      'too-old',
      null,
    ],
    ['one ahead recovers to its successor', state(10), 11, null, 'recovered', 12],
    ['far ahead too', state(10), 5_000, 3, 'recovered', 5_001],
  ] as [string, ChainState, number, RefreshKeep, string, number | null][])(
    '%s',
    (_, before, presented, keep, outcome, generation) => {
      const verdict = decideRefresh(before, presented, keep, NOW);
      expect(verdict.outcome).toBe(outcome);
      expect('next' in verdict ? verdict.next.generation : null).toBe(generation);
    },
  );

  it('says how far behind or ahead a token was', () => {
    expect(decideRefresh(state(10), 4, null, NOW)).toMatchObject({ outcome: 'replayed', behind: 6 });
    expect(decideRefresh(state(10, aged), 4, 5, NOW)).toEqual({ outcome: 'too-old', behind: 6 });
    expect(decideRefresh(state(10), 13, null, NOW)).toMatchObject({ outcome: 'recovered', ahead: 3 });
  });

  it('keeps no checkpoints where all tokens are kept', () => {
    const verdict = decideRefresh(state(10), 10, null, NOW);
    expect(verdict).toMatchObject({ next: { generation: 11, generationAt: NOW, checkpoints: [] } });
  });
});

describe('checkpoints', () => {
  it('are made a day apart', () => {
    const first = nextCheckpoints(state(1), 2, NOW);
    expect(first).toEqual([{ generation: 2, at: NOW }]);
    const known = state(2, { checkpoints: first });
    expect(nextCheckpoints(known, 3, NOW + CHECKPOINT_INTERVAL - 1)).toEqual(first);
    expect(nextCheckpoints(known, 3, NOW + CHECKPOINT_INTERVAL)).toHaveLength(2);
  });

  it('tell the newest generation that is old enough', () => {
    const checkpoints = [31, 30.5, 29].map((days, index) => ({ generation: 10 * (index + 1), at: NOW - days * DAY }));
    expect(agedGeneration(state(40, { checkpoints }), NOW)).toBe(20);
    expect(agedGeneration(state(40), NOW)).toBe(0);
    expect(agedGeneration(state(40, { generationAt: NOW - 31 * DAY }), NOW)).toBe(40);
  });
});

/** What happens to a grant, with a full log of when each generation was issued beside it. */
type Step =
  | { readonly kind: 'present'; readonly back: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'lose'; readonly writes: number };

const steps = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        kind: fc.constant('present' as const),
        back: fc.constantFrom(0, 0, 0, 0, 1, 2, 5, 20, 60),
      }),
      weight: 5,
    },
    {
      arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 4 * DAY }) }),
      weight: 3,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        seconds: fc.integer({ min: 20 * DAY, max: 50 * DAY }),
      }),
      weight: 1,
    },
    { arbitrary: fc.record({ kind: fc.constant('lose' as const), writes: fc.integer({ min: 1, max: 4 }) }), weight: 1 },
  ),
  { minLength: 20, maxLength: 200 },
);
const keeps = fc.constantFrom<RefreshKeep>(null, 1, 2, 5, 20);

class LoggedChain {
  readonly issuedAt = new Map<number, number>([[1, NOW]]);
  newestSeen = 1;
  now = NOW;
  private readonly history: ChainState[] = [];

  constructor(
    private readonly keep: RefreshKeep,
    public row: ChainState = { generation: 1, generationAt: NOW, checkpoints: [] },
  ) {}

  /** The database is restored to what it was `writes` writes ago. */
  lose(writes: number): void {
    for (let count = 0; count < writes; count += 1) this.row = this.history.pop() ?? this.row;
  }

  present(generation: number) {
    const verdict = decideRefresh(this.row, generation, this.keep, this.now);
    if (verdict.outcome === 'rotated' || verdict.outcome === 'recovered') {
      this.history.push(this.row);
      this.row = verdict.next;
      if (!this.issuedAt.has(this.row.generation)) this.issuedAt.set(this.row.generation, this.now);
      this.newestSeen = Math.max(this.newestSeen, this.row.generation);
    }
    return verdict;
  }

  /** Runs the steps and hands every presented generation with its verdict to `check`. */
  run(script: readonly Step[], check: (presented: number, verdict: ReturnType<LoggedChain['present']>) => void): void {
    for (const step of script) {
      if (step.kind === 'wait') this.now += step.seconds;
      else if (step.kind === 'lose') this.lose(step.writes);
      else {
        const presented = Math.max(1, this.newestSeen - step.back);
        check(presented, this.present(presented));
      }
    }
  }
}

describe('any life of a grant', () => {
  it('never has a token refused where all are kept', () => {
    fc.assert(
      fc.property(steps, (script) => {
        new LoggedChain(null).run(script, (_, { outcome }) => {
          expect(outcome).not.toBe('too-old');
        });
      }),
    );
  });

  it('has a token refused only when it is more than keep behind and its successor is over 30 days old', () => {
    fc.assert(
      fc.property(steps, keeps, (script, keep) => {
        const chain = new LoggedChain(keep);
        chain.run(script, (presented, { outcome }) => {
          if (outcome !== 'too-old') return;
          expect(chain.row.generation - presented).toBeGreaterThan(keep ?? Infinity);
          const successorAt = chain.issuedAt.get(presented + 1) ?? Infinity;
          expect(chain.now - successorAt).toBeGreaterThan(SUCCESSOR_AGE);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('holds few checkpoints, in order', () => {
    fc.assert(
      fc.property(steps, keeps, (script, keep) => {
        const chain = new LoggedChain(keep);
        chain.run(script, () => {
          const { checkpoints } = chain.row;
          expect(checkpoints.length).toBeLessThanOrEqual(keep === null ? 0 : MAX_CHECKPOINTS);
          const sorted = checkpoints.toSorted((a, b) => a.at - b.at || a.generation - b.generation);
          expect(checkpoints).toEqual(sorted);
        });
      }),
    );
  });

  it('gives a retry the successor the first attempt got, and changes nothing by it', () => {
    fc.assert(
      fc.property(steps, keeps, fc.integer({ min: 2, max: 10 }), (script, keep, times) => {
        const chain = new LoggedChain(keep);
        chain.run(script, () => undefined);
        const presented = chain.row.generation;
        const answers = Array.from({ length: times }, () => {
          chain.present(presented);
          return chain.row;
        });
        expect(new Set(answers).size).toBe(1);
        expect(answers[0]?.generation).toBe(presented + 1);
      }),
    );
  });

  it('never goes backwards, and always answers with something newer than what was presented', () => {
    fc.assert(
      fc.property(steps, keeps, (script, keep) => {
        const chain = new LoggedChain(keep);
        chain.run(script, (presented, verdict) => {
          if (verdict.outcome === 'too-old') return;
          expect(verdict.next.generation).toBeGreaterThan(presented);
          if (verdict.outcome === 'recovered') expect(verdict.next.generation).toBe(presented + 1);
        });
      }),
    );
  });
});

describe('a household that refreshes daily', () => {
  it.each([1, 5, 40])('loses its old tokens in the end where %d are kept, and only those', (keep) => {
    const chain = new LoggedChain(keep);
    for (let day = 0; day < 200; day += 1) {
      chain.now += DAY;
      chain.present(chain.row.generation);
    }
    expect(chain.row.checkpoints).toHaveLength(MAX_CHECKPOINTS);
    const outcomes = Array.from({ length: 200 }, (_, index) => chain.present(index + 1).outcome);
    const kept = outcomes.filter((outcome) => outcome === 'replayed').length;
    expect(outcomes.indexOf('replayed')).toBe(200 - kept);
    expect(kept).toBeGreaterThanOrEqual(Math.max(keep, SUCCESSOR_AGE / DAY));
    expect(kept).toBeLessThanOrEqual(Math.max(keep, SUCCESSOR_AGE / DAY + 2));
  });
});
