import type { Outcome } from '../check.js';
import type { RecordingTarget } from '../target.js';
import type { Attempt } from './find-attempt.js';

/** One thing that is looked at in a recording. What it says holds hosts, figures and words of ours, and no value. */
export interface RecordingCheck {
  readonly name: string;
  readonly rule: string;
  readonly title: string;
  readonly remedy: string;
  /** @throws NotTested */
  readonly look: (attempt: Attempt, target: RecordingTarget) => Outcome;
}

/** Distinct values with how often they came. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => (count === 1 ? value : `${value} (${count} times)`)).join(', ');
}
