import type { Session } from './session.js';
import type { Status } from './report.js';

/** The outcome of a check, with what was seen. */
export interface Outcome {
  readonly status: Status;
  readonly evidence: string;
}

/** One thing that is looked at. */
export interface Check {
  /** Unique. */
  readonly name: string;
  /** The rule it holds the server against. */
  readonly rule: string;
  /** What is checked, as a sentence that is true when it passes. */
  readonly title: string;
  readonly remedy: string;
  /** Names of checks without whose success this one says nothing. */
  readonly needs?: readonly string[];
  /** Only with `--slow`: it waits for minutes. */
  readonly slow?: boolean;
  /** @throws NotTested */
  readonly run: (session: Session) => Outcome | Promise<Outcome>;
}

/** A check could not be carried out, for a reason that is no verdict on the rule. */
export class NotTested extends Error {}

export const pass = (evidence: string): Outcome => ({ status: 'pass', evidence });
export const fail = (evidence: string): Outcome => ({ status: 'fail', evidence });
export const warn = (evidence: string): Outcome => ({ status: 'warn', evidence });
export const notApplicable = (evidence: string): Outcome => ({ status: 'not-applicable', evidence });
