import type { Cause, CauseFacts, TimelineStep } from './cause.js';

/** A cause that one step of a timeline shows by itself. */
export interface StepCause extends Cause {
  /** The evidence in words, or undefined when this step does not show the cause. */
  readonly shows: (step: TimelineStep, facts: CauseFacts) => string | undefined;
}

/** Shown by every step of this name, or of those with such a detail; the detail is the evidence. */
export const named = (name: string, detail?: RegExp) => (step: TimelineStep) =>
  step.name === name && (!detail || detail.test(step.detail ?? '')) ? (step.detail ?? name) : undefined;
