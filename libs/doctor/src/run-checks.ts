import { ALL_CHECKS } from './checks/all-checks.js';
import { NotTested, type Check, type Outcome } from './check.js';
import { NoAnswer, type Probes } from './probes.js';
import { presentFinding, summarise, type Finding, type Report, type ReportedTarget, type Status } from './report.js';
import { Session } from './session.js';
import type { Target } from './target.js';

export interface RunOptions {
  /** Only these rules, and silently what they rest on. */
  readonly only?: readonly string[];
  /** Also what waits for minutes. */
  readonly slow?: boolean;
  /** Milliseconds for one check; it may need several sign-ins. */
  readonly checkDeadline?: number;
}

/** What a run found, and whether it could sign anybody in. */
export interface Run {
  readonly report: Report;
  /** Why the login recipe could not be followed; undefined when it could or was not needed. */
  readonly brokenRecipe: string | undefined;
}

const CHECK_DEADLINE = 90_000;
const SLOW_DEADLINE = 15 * 60_000;

/** The rules that checks look at, in their order. */
export const checkedRules: readonly string[] = [...new Set(ALL_CHECKS.map(({ rule }) => rule))];

/**
 * Runs the checks one after another, in an order that never changes. A check whose prerequisite did not succeed is
 * not-tested, with the reason; so is one that runs out of time. Nothing secret is in what it returns.
 * @throws whatever a probe throws that is neither NoAnswer nor NotTested
 */
export async function runChecks(target: Target, probes: Probes, options: RunOptions = {}): Promise<Run> {
  const startedAt = probes.now().toISOString();
  const stop = new AbortController();
  const session = new Session(target, probes, stop.signal);
  const wanted = select(options.only);
  const done = new Map<string, Outcome>();
  const findings: Finding[] = [];
  for (const check of wanted.run) {
    const outcome = await judge(check, { session, done, options });
    done.set(check.name, outcome);
    if (!wanted.shown.has(check.name)) continue;
    const finding = presentFinding(check, { ...outcome, evidence: session.secrets.scrub(outcome.evidence) });
    findings.push(finding);
    probes.progress(`${finding.rule} ${finding.status}: ${finding.title}`);
  }
  stop.abort();
  const report = { target: describeTarget(target, session), startedAt, summary: summarise(findings), findings };
  return { report, brokenRecipe: session.brokenRecipe };
}

function select(only: readonly string[] | undefined): { run: readonly Check[]; shown: ReadonlySet<string> } {
  const asked = ALL_CHECKS.filter(({ rule }) => !only || only.includes(rule));
  const needed = new Set(asked.map(({ name }) => name));
  // Prerequisites stand before what needs them, so one walk from the end finds them all.
  for (const check of [...ALL_CHECKS].reverse()) {
    if (needed.has(check.name)) check.needs?.forEach((name) => needed.add(name));
  }
  return {
    run: ALL_CHECKS.filter(({ name }) => needed.has(name)),
    shown: new Set(asked.map(({ name }) => name)),
  };
}

interface Under {
  readonly session: Session;
  readonly done: ReadonlyMap<string, Outcome>;
  readonly options: RunOptions;
}

const notTested = (evidence: string): Outcome => ({ status: 'not-tested', evidence });

async function judge(check: Check, { session, done, options }: Under): Promise<Outcome> {
  const missing = check.needs?.find((name) => !isFine(done.get(name)?.status));
  if (missing !== undefined) return notTested(`says nothing before ${ruleOf(missing)} is right`);
  if (check.slow && !options.slow) return notTested('takes minutes: only with --slow');
  const deadline = check.slow ? SLOW_DEADLINE : (options.checkDeadline ?? CHECK_DEADLINE);
  const over = new AbortController();
  const late = session.probes.sleep(deadline, over.signal).then(
    () => notTested(`not finished within ${Math.round(deadline / 1_000)} s`),
    () => notTested('stopped'),
  );
  try {
    return await Promise.race([attempt(check, session), late]);
  } finally {
    over.abort();
  }
}

async function attempt(check: Check, session: Session): Promise<Outcome> {
  try {
    return await check.run(session);
  } catch (error) {
    if (error instanceof NotTested) return notTested(error.message);
    if (error instanceof NoAnswer) return notTested(`no answer: ${error.message}`);
    throw error;
  }
}

const isFine = (status: Status | undefined): boolean => status === 'pass' || status === 'warn';

function ruleOf(name: string): string {
  const found = ALL_CHECKS.find((check) => check.name === name);
  return found ? `${found.rule} (${found.title})` : name;
}

function describeTarget(target: Target, { secrets }: Session): ReportedTarget {
  const { authorizeUrl, tokenUrl, clientId, scheme, redirectUri, scope, skill } = target;
  return {
    authorizeUrl: secrets.scrub(authorizeUrl),
    tokenUrl: secrets.scrub(tokenUrl),
    ...{ clientId, scheme, redirectUri, scope },
    ...(skill === undefined ? {} : { skill }),
  };
}
