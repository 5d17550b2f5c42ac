/**
 * The doctor's rules of procedure: what is checked at an authorization server, in which order, and what each result
 * means. Owns the checks, the target's shape, the report. Does not own how requests are sent or how anybody signs in
 * (probes, handed in), nor formats and command line (`apps/doctor`).
 */
export {
  NoAnswer,
  type HandlerAnswer,
  type HttpAnswer,
  type HttpRequest,
  type Probes,
  type Seen,
  type SignedIn,
  type TlsView,
} from './probes.js';
export { PHONE_WIDTH } from './checks/pages.js';
export { examineRecording, recordedRules } from './recording/examine-recording.js';
export { LARGEST_RECORDING, readRecording, UnusableRecording, type Recording } from './recording/read-recording.js';
export { hasFailed, type Finding, type Report, type ReportedTarget, type Status, type Summary } from './report.js';
export { bareAddress } from './return-address.js';
export { checkedRules, runChecks, type Run, type RunOptions } from './run-checks.js';
export { BUDGET, HANDLER_DIRECTIVES } from './session.js';
export {
  isLoopback,
  namedHosts,
  parseRecordingTarget,
  parseTarget,
  reachableHosts,
  UnusableTarget,
  type LoginRecipe,
  type LoginStep,
  type RecordingTarget,
  type Target,
} from './target.js';
