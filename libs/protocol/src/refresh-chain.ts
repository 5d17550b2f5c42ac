/**
 * The refresh rule as a pure function. The database runs the same rule in one statement; a property test holds the
 * two against each other.
 * @see ADR 0001, R100–R108
 */

/** A moment at which a generation had been issued; seconds since the epoch. */
export interface Checkpoint {
  readonly generation: number;
  readonly at: number;
}

/** The part of a grant row the rule looks at. `generation` is the newest one issued, `generationAt` when (seconds). */
export interface ChainState {
  readonly generation: number;
  readonly generationAt: number;
  readonly checkpoints: readonly Checkpoint[];
}

/** How many older refresh tokens stay good; `null` keeps all of them. */
export type RefreshKeep = number | null;

export type RefreshVerdict =
  /** The newest token was presented: a new generation is issued. */
  | { readonly outcome: 'rotated'; readonly next: ChainState }
  /** An older token was presented: the answer carries the newest one again. */
  | { readonly outcome: 'replayed'; readonly next: ChainState; readonly behind: number }
  /** The token is newer than the row: the database lost writes. */
  | { readonly outcome: 'recovered'; readonly next: ChainState; readonly ahead: number }
  /** Beyond what the tenant keeps; this token is refused, the family lives. */
  | { readonly outcome: 'too-old'; readonly behind: number };

const DAY = 86_400;

/** A token's successor must be older than this before the token can be too old, in seconds (30 days). */
export const SUCCESSOR_AGE = 30 * DAY;

/** Checkpoints are at least this far apart, so that at most {@link MAX_CHECKPOINTS} describe the last 30 days. */
export const CHECKPOINT_INTERVAL = DAY;
export const MAX_CHECKPOINTS = 32;

/** The newest generation known to have been issued more than 30 days ago; 0 when none is. */
export function agedGeneration(state: ChainState, now: number): number {
  const cutoff = now - SUCCESSOR_AGE;
  if (state.generationAt < cutoff) return state.generation;
  return state.checkpoints.reduce((aged, point) => (point.at < cutoff ? Math.max(aged, point.generation) : aged), 0);
}

/** Adds a checkpoint when the last one is a day old, and keeps the newest {@link MAX_CHECKPOINTS}. */
export function nextCheckpoints(state: ChainState, generation: number, now: number): readonly Checkpoint[] {
  const last = state.checkpoints.at(-1);
  if (last && now - last.at < CHECKPOINT_INTERVAL) return state.checkpoints;
  return [...state.checkpoints, { generation, at: now }].slice(-MAX_CHECKPOINTS);
}

/**
 * Decides what presenting generation `presented` of a live grant does.
 * @param now seconds since the epoch
 */
export function decideRefresh(state: ChainState, presented: number, keep: RefreshKeep, now: number): RefreshVerdict {
  const behind = state.generation - presented;
  if (behind > 0) {
    const tooOld = keep !== null && behind > keep && agedGeneration(state, now) > presented;
    return tooOld ? { outcome: 'too-old', behind } : { outcome: 'replayed', next: state, behind };
  }
  const generation = presented + 1;
  const checkpoints = keep === null ? state.checkpoints : nextCheckpoints(state, generation, now);
  const next: ChainState = { generation, generationAt: now, checkpoints };
  return behind === 0 ? { outcome: 'rotated', next } : { outcome: 'recovered', next, ahead: -behind };
}
