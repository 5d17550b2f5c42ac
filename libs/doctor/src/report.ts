import { ruleFact, type RuleLevel } from '@linkbroker/alexa';
import type { Outcome } from './check.js';

export type Status = 'pass' | 'fail' | 'warn' | 'not-tested' | 'not-applicable';

/** What came of one check. */
export interface Finding {
  readonly rule: string;
  readonly level: RuleLevel;
  readonly status: Status;
  /** What is checked, as a sentence that is true when it passes. */
  readonly title: string;
  /** What was seen, without any secret. */
  readonly evidence: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Where the rule is said; null when it is only derived. */
  readonly link: string | null;
}

export interface Summary {
  readonly pass: number;
  readonly fail: number;
  readonly warn: number;
  readonly notTested: number;
  readonly notApplicable: number;
}

/** What of a check is in a finding. */
interface Described {
  readonly rule: string;
  readonly title: string;
  readonly remedy: string;
}

/** A finding. What rests on no source, or is only advised, is at most a warning. */
export function presentFinding({ rule, title, remedy }: Described, { status, evidence }: Outcome): Finding {
  const { level, source } = ruleFact(rule);
  const shown = status === 'fail' && (level !== 'MUST' || source === null) ? 'warn' : status;
  return { rule, level, status: shown, title, evidence, remedy, link: source };
}

/** The target without its secrets. Of a recording's, only address and client are known. */
export interface ReportedTarget {
  readonly authorizeUrl: string;
  readonly tokenUrl?: string | undefined;
  readonly clientId: string;
  readonly scheme?: string | undefined;
  readonly redirectUri?: string | undefined;
  readonly scope?: string | undefined;
  readonly skill?: string | undefined;
}

/** The result of a run, in the order of the checks. */
export interface Report {
  readonly target: ReportedTarget;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly summary: Summary;
  readonly findings: readonly Finding[];
}

/** How many findings have which status. */
export function summarise(findings: readonly Finding[]): Summary {
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    warn: count('warn'),
    notTested: count('not-tested'),
    notApplicable: count('not-applicable'),
  };
}

/** Whether a rule that linking depends on is broken. */
export function hasFailed({ findings }: Report): boolean {
  return findings.some(({ level, status }) => level === 'MUST' && status === 'fail');
}
