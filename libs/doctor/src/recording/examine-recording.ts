import { NotTested, type Outcome } from '../check.js';
import { presentFinding, summarise, type Report } from '../report.js';
import type { RecordingTarget } from '../target.js';
import { findAttempt, type Attempt } from './find-attempt.js';
import { RECORDED_PAGES } from './page-checks.js';
import type { Recording } from './read-recording.js';
import type { RecordingCheck } from './recording-check.js';
import { RECORDED_WAY_BACK } from './way-back-checks.js';

const CHECKS: readonly RecordingCheck[] = [...RECORDED_PAGES, ...RECORDED_WAY_BACK];

/** The rules that are looked at in a recording, in their order. */
export const recordedRules: readonly string[] = [...new Set(CHECKS.map(({ rule }) => rule))];

/**
 * Judges one sign-in that somebody recorded. Nothing that stood in the recording is in the report but names of hosts,
 * sizes, statuses and times.
 * @throws UnusableRecording when it has no authorization request of the target
 */
export function examineRecording(
  target: RecordingTarget,
  recording: Recording,
  { now, only }: { readonly now: Date; readonly only?: readonly string[] | undefined },
): Report {
  const attempt = findAttempt(recording, target);
  const findings = CHECKS.filter(({ rule }) => !only || only.includes(rule)).map((check) =>
    presentFinding(check, judge(check, attempt, target)),
  );
  const { authorizeUrl, clientId, skill } = target;
  return {
    target: { authorizeUrl, clientId, ...(skill === undefined ? {} : { skill }) },
    startedAt: now.toISOString(),
    summary: summarise(findings),
    findings,
  };
}

function judge(check: RecordingCheck, attempt: Attempt, target: RecordingTarget): Outcome {
  try {
    return check.look(attempt, target);
  } catch (error) {
    if (error instanceof NotTested) return { status: 'not-tested', evidence: error.message };
    throw error;
  }
}
